import type { Encoder } from "./encoder.js";
import type { Netlist } from "./netlist.js";
import type { Readout } from "./readout.js";

/**
 * The whole circuit: what passes take and give.
 *
 * `core` has one primary input per encoder bit and one output per vote of the readout.
 */
export interface Design {
  readonly encoder: Encoder;
  readonly core: Netlist;
  readonly readout: Readout;
}
