import { findTarget } from "../../../compiler/ir/target.js";
import { readoutStyle } from "../../../compiler/map/counter.js";
import { designNetlist } from "../../../compiler/map/design-netlist.js";
import { buildReadout } from "../../../compiler/map/readout-circuit.js";
import { readoutNetlist } from "../../../compiler/map/readout-netlist.js";
import { moduleNamed, parseYosysJson, type YosysModule } from "../../../compiler/read/yosys-json.js";
import { withGenericCells } from "../../../compiler/synth/generic-cells.js";
import {
  proveCombinational,
  proveSequential,
  type SynthesisVerdict,
} from "../../../compiler/synth/prove-synthesised.js";
import { flipFlopTypes } from "../../../compiler/synth/resources.js";
import { createCdclSolver } from "../../../sat/cdcl/solver.js";
import { timeLimited } from "../../../sat/time-limit.js";
import { NETLIST, UNMAPPED, unmapFlipFlops } from "../../tools/synthesis-scripts.js";
import type { StageContext } from "../stage.js";
import { type Attempt, type Source, yosysOutputs } from "./hand-over.js";
import { cellModels } from "./models.js";

const MODELS = "models.v";

/**
 * Prove what synthesis made: a combinational netlist against the whole design, one with registers against the Verilog,
 * register by register.
 */
export async function proveSynthesised(
  context: StageContext,
  { top, design, mapped, read }: Source,
  { handOver, json, resources }: Attempt,
): Promise<SynthesisVerdict> {
  const { config, signal } = context;
  const target = findTarget(config.hardware.target);
  const options = {
    createSolver: timeLimited(createCdclSolver, 1000 * config.verify.queryTimeout),
    seed: config.seed,
    conflictBudget: config.verify.conflicts,
    cancelled: () => signal.aborted,
  };
  const module = (text: string): YosysModule =>
    withGenericCells(moduleNamed(parseYosysJson(text), top.module), target.family);
  if (read === null) {
    // With the cells that were mapped, or those of the Verilog, so that what became of them is found again.
    const circuit =
      handOver === "luts" ? mapped!.readout : buildReadout(design.readout, readoutStyle(target));
    return proveCombinational(designNetlist(design, readoutNetlist(circuit)), module(json), options);
  }
  const models = await cellModels(target, flipFlopTypes(resources), config.verify.native);
  const files = new Map([
    [NETLIST, json],
    [MODELS, models],
  ]);
  const outputs = await yosysOutputs(context, files, unmapFlipFlops(NETLIST, MODELS), [UNMAPPED]);
  const { verdict, how } = await proveSequential(read.rtl, module(outputs[UNMAPPED]!), options);
  return { verdict, how: `against the Verilog: ${how}` };
}
