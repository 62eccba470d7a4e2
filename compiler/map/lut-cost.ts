import { usedInputs } from "../emit/verilog/core.js";
import type { Design } from "../ir/design.js";
import { lutCount } from "../ir/lut-netlist.js";
import type { Netlist } from "../ir/netlist.js";
import { encoderSpecification } from "../verify/encoder-specification.js";
import { plainStyle } from "./counter.js";
import { mapLuts } from "./map-luts.js";
import { buildReadout } from "./readout-circuit.js";
import { readoutNetlist } from "./readout-netlist.js";

/** Look-up tables of two or more inputs in each part of a design. */
export interface LutCost {
  readonly encoder: number;
  readonly core: number;
  readonly readout: number;
}

/**
 * What a design costs in LUTs of up to `k` inputs. Each part is mapped on its own, as the emitted modules are: no LUT
 * crosses from one part into another. Inverters between parts cost nothing.
 *
 * @remarks An estimate by our own mapper, not a synthesis result: no carry chains, no fracturable LUTs, no registers.
 */
export function lutCost({ encoder, core, readout }: Design, k: 4 | 6): LutCost {
  const cost = (netlist: Netlist): number => lutCount(mapLuts(netlist, { k }));
  return {
    encoder: cost(encoderSpecification(encoder, usedInputs(core))),
    core: cost(core),
    readout: cost(readoutNetlist(buildReadout(readout, plainStyle(k)))),
  };
}

export const totalLuts = ({ encoder, core, readout }: LutCost): number => encoder + core + readout;
