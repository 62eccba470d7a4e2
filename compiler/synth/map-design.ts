import type { Design } from "../ir/design.js";
import { featureOffsets } from "../ir/encoder.js";
import { indexWidth } from "../ir/readout.js";
import type { Target } from "../ir/target.js";
import { plainStyle, readoutStyle } from "../map/counter.js";
import { designNetlist } from "../map/design-netlist.js";
import { mapLuts } from "../map/map-luts.js";
import { buildReadout, type ReadoutCircuit } from "../map/readout-circuit.js";
import { cutReadoutNetlist } from "../map/readout-netlist.js";
import { voteKinds } from "../map/vote-kinds.js";
import type { YosysModule } from "../read/yosys-json.js";
import { mappedModule } from "./mapped-module.js";

/** A combinational design in a target's cells. */
export interface MappedDesign {
  /** The cells that its readout is made of. */
  readonly readout: ReadoutCircuit;
  /** Ports `features` and `class_index`; LUTs, and Xilinx carry chains. */
  readonly module: YosysModule;
}

/**
 * Map a whole design at once: a LUT may hold an encoder's comparison, gates and the first cell of a popcount.
 *
 * Carry chains that add no more than two wires cost a LUT for each position, so only Xilinx ones are used.
 */
export function mapDesign(design: Design, target: Target): MappedDesign {
  const { family, lutInputs: k } = target;
  const style = readoutStyle(target);
  const readout = buildReadout(
    design.readout,
    style.carry === "lut" ? style : plainStyle(k),
    voteKinds(design, k),
  );
  const { netlist, chains } = cutReadoutNetlist(readout);
  const module = mappedModule(
    mapLuts(designNetlist(design, netlist), { k }),
    family,
    new Map([["features", featureOffsets(design.encoder).at(-1)!]]),
    new Map([["class_index", indexWidth(design.readout.classNames.length)]]),
    chains,
  );
  return { readout, module };
}
