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
import { flipFlopTypes, type Resources } from "../../../compiler/synth/resources.js";
import type { EquivalenceOptions } from "../../../compiler/verify/equivalence.js";
import { checkReadoutCircuit } from "../../../compiler/verify/readout-circuit.js";
import { createCdclSolver } from "../../../sat/cdcl/solver.js";
import { timeLimited } from "../../../sat/time-limit.js";
import { NETLIST, UNMAPPED, unmapFlipFlops } from "../../tools/synthesis-scripts.js";
import type { StageContext } from "../stage.js";
import { type Attempt, type Source, yosysOutputs } from "./hand-over.js";
import { cellModels } from "./models.js";
import type { Top } from "./top.js";

type Context = Pick<StageContext, "config" | "signal">;

const MODELS = "models.v";

/** How hard equivalences are tried. */
export const proofOptions = ({ config, signal }: Context): EquivalenceOptions => ({
  createSolver: timeLimited(createCdclSolver, 1000 * config.verify.queryTimeout),
  seed: config.seed,
  conflictBudget: config.verify.conflicts,
  cancelled: () => signal.aborted,
});

/**
 * Prove what synthesis made: a combinational netlist against the whole design, one with registers against the Verilog,
 * register by register.
 *
 * @param found the netlist, as `plainNetlist` reads it.
 */
export async function proveSynthesised(
  context: Context,
  { design, mapped, read }: Source,
  { handOver }: Attempt,
  found: YosysModule,
): Promise<SynthesisVerdict> {
  const options = proofOptions(context);
  if (read === null) {
    // With the cells that were mapped, or those of the Verilog, so that what became of them is found again.
    const circuit =
      handOver === "luts"
        ? mapped!.readout
        : buildReadout(design.readout, readoutStyle(findTarget(context.config.hardware.target)));
    const wrong = await checkReadoutCircuit(circuit, design.readout, options);
    if (wrong !== null) return { verdict: "unknown", how: `the readout to compare with: ${wrong}` };
    return proveCombinational(designNetlist(design, readoutNetlist(circuit)), found, options);
  }
  const { verdict, how } = await proveSequential(read.rtl, found, options);
  return { verdict, how: `against the Verilog: ${how}` };
}

const readBack = ({ config }: Context, top: Top, json: string): YosysModule =>
  withGenericCells(moduleNamed(parseYosysJson(json), top.module), findTarget(config.hardware.target).family);

/** A synthesised netlist read back, with plain flip-flops in place of the family's. */
export async function plainNetlist(
  context: Context,
  top: Top,
  json: string,
  resources: Resources,
): Promise<YosysModule> {
  if (top.clock === null) return readBack(context, top, json);
  const { config } = context;
  const types = flipFlopTypes(resources);
  const models = await cellModels(findTarget(config.hardware.target), types, config.verify.native);
  const files = new Map([
    [NETLIST, json],
    [MODELS, models],
  ]);
  const outputs = await yosysOutputs(context, files, unmapFlipFlops(NETLIST, MODELS), [UNMAPPED]);
  return readBack(context, top, outputs[UNMAPPED]!);
}
