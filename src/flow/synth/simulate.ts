import { moduleNames } from "../../../compiler/emit/verilog/names.js";
import type { Target } from "../../../compiler/ir/target.js";
import type { SimulationRecord } from "../../report/schema.js";
import { isInstalled, simulateRtl } from "../../tools/simulators.js";
import type { StageContext } from "../stage.js";
import { emittedPaths } from "../stages/emit.js";
import { VERDICT } from "../stages/simulate.js";
import { cellModels } from "./models.js";

const WORK = ".work-synth";

/**
 * Every test sample through the synthesised netlist in Icarus, its cells as Yosys's simulation models have them: an
 * opinion on the cells that shares nothing with the proof.
 *
 * @param cells types of its cells.
 */
export async function simulateSynthesised(
  { config, run, signal }: StageContext,
  netlist: string,
  target: Target,
  cells: readonly string[],
): Promise<SimulationRecord> {
  const none = { engine: "icarus", samples: 0, mismatches: 0 } as const;
  if (!isInstalled("icarus")) return { ...none, verdict: "skipped", reason: "icarus is not installed" };
  const paths = emittedPaths(config.name);
  const models = `${WORK}/models.v`;
  run.write(models, await cellModels(target, cells, config.verify.native));
  try {
    const { verdict, samples, mismatches, reason } = await simulateRtl("icarus", {
      sources: [models, netlist, paths.testbench].map(run.absolute),
      top: moduleNames(config.name).testbench,
      vectors: run.absolute(paths.vectors),
      work: run.absolute(".work-icarus"),
      seconds: config.simulate.timeout,
      signal,
    });
    return { engine: "icarus", samples, mismatches, verdict: VERDICT[verdict], reason };
  } finally {
    run.remove(WORK);
  }
}
