import { decodeDesign } from "../../../compiler/model/design-codec.js";
import { moduleNamed, parseYosysJson, ReadBackFault } from "../../../compiler/read/yosys-json.js";
import type { Board } from "../../../compiler/synth/boards.js";
import { withPlacedNames } from "../../../compiler/synth/placement.js";
import { proveSequential } from "../../../compiler/synth/prove-synthesised.js";
import { countResources } from "../../../compiler/synth/resources.js";
import type { BitstreamRecord } from "../../report/schema.js";
import { bitstreamVerilog, canReadBitstreams, type Placed } from "../../tools/nextpnr.js";
import { readPlain, UNMAPPED } from "../../tools/synthesis-scripts.js";
import { finalDesign } from "../final-design.js";
import type { StageContext } from "../stage.js";
import { yosysOutputs } from "./hand-over.js";
import { plainNetlist, proofOptions } from "./prove.js";
import { testSetThroughPins } from "./simulate.js";
import { topOf } from "./top.js";

const VERILOG = "unpacked.v";

/** What an unpacked bitstream does, and what is known of that. */
export interface ReadBitstream extends Pick<BitstreamRecord, "equivalence" | "how" | "testSet"> {
  /** It as Verilog; null when it cannot be read. */
  readonly verilog: string | null;
}

/**
 * Read an unpacked bitstream back as a circuit, prove it equal to the synthesised netlist, register by register, and send the test set
 * through its pins.
 *
 * @param unpacked the configuration that the bitstream holds.
 * @param placed what it was made from: registers are found again by their places.
 * @param json the synthesised netlist.
 */
export async function readBitstream(
  context: StageContext,
  board: Board,
  { unpacked, placed, pins, json }: { unpacked: Uint8Array; placed: Placed; pins: string; json: string },
): Promise<ReadBitstream> {
  const { config, run, signal } = context;
  if (!canReadBitstreams()) {
    const how = "icebox_vlog (fpga-icestorm) is not installed";
    return { equivalence: "skipped", how, testSet: null, verilog: null };
  }
  const top = topOf(run, config);
  const options = { package: board.package, module: top.module, signal };
  const verilog = await bitstreamVerilog(unpacked, pins, options);
  try {
    const files = new Map([[VERILOG, verilog]]);
    const outputs = await yosysOutputs(context, files, readPlain(VERILOG, top.module), [UNMAPPED]);
    const read = moduleNamed(parseYosysJson(outputs[UNMAPPED]!), top.module);
    const resources = countResources(moduleNamed(parseYosysJson(json), top.module));
    const netlist = await plainNetlist(context, top, json, resources);
    const named = withPlacedNames(read, verilog, placed.netlist);
    const { verdict, how } = await proveSequential(netlist, named, proofOptions(context));
    const file = finalDesign(config);
    const design = decodeDesign(run.read(file), run.absolute(file));
    const testSet = await testSetThroughPins(context, design, top, read);
    return { equivalence: verdict, how: how.replace("by name", "by place"), testSet, verilog };
  } catch (error) {
    if (!(error instanceof ReadBackFault)) throw error;
    return { equivalence: "refuted", how: error.message, testSet: null, verilog };
  }
}
