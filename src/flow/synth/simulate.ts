import type { Design } from "../../../compiler/ir/design.js";
import { findTarget } from "../../../compiler/ir/target.js";
import type { SimulationRecord } from "../../report/schema.js";
import { isInstalled, simulateRtl } from "../../tools/simulators.js";
import { simulationOf, topBench } from "../rtl-simulation.js";
import type { StageContext } from "../stage.js";
import { benchOfInterface, VERDICT } from "../stages/simulate.js";
import { cellModels } from "./models.js";
import { synthPaths } from "./paths.js";
import type { Top } from "./top.js";

const WORK = ".work-synth";

/**
 * Test samples through the synthesised netlist in Icarus, its cells as Yosys's simulation models have them: an opinion on
 * the cells that shares nothing with the proof. All of them through a combinational netlist; through an interface those
 * that fit `simulate.cycles`.
 *
 * @param cells types of its cells.
 */
export async function simulateSynthesised(
  context: StageContext,
  design: Design,
  top: Top,
  cells: readonly string[],
): Promise<SimulationRecord> {
  const { config, run } = context;
  const skipped = (reason: string): SimulationRecord => ({
    engine: "icarus",
    samples: 0,
    mismatches: 0,
    verdict: "skipped",
    reason,
  });
  if (!isInstalled("icarus")) return skipped("icarus is not installed");
  const bench =
    config.hardware.interface === "parallel" ? topBench(context) : benchOfInterface(context, design);
  if (run.readText(bench.testbench).includes(`${top.module} #(`))
    return skipped("the testbench sets parameters, which a netlist has no more");
  const models = `${WORK}/models.v`;
  run.write(models, await cellModels(findTarget(config.hardware.target), cells, config.verify.native));
  try {
    const options = simulationOf("icarus", context, bench);
    const sources = [models, synthPaths(config.name).verilog, bench.testbench].map(run.absolute);
    const { verdict, samples, mismatches, reason } = await simulateRtl("icarus", { ...options, sources });
    return { engine: "icarus", ...bench.through, samples, mismatches, verdict: VERDICT[verdict], reason };
  } finally {
    run.remove(WORK);
  }
}
