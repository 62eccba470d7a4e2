import { moduleNames } from "../../compiler/emit/verilog/names.js";
import type { SimulationRecord } from "../report/schema.js";
import type { SimulationOptions, SimulationResult, SimulatorName } from "../tools/simulators.js";
import { recordWaves } from "../tools/waves.js";
import type { StageContext } from "./stage.js";
import { emittedPaths, rtlFiles } from "./stages/emit.js";

/** Folder of wave files. */
const WAVES = "waves";
/** Samples shown before a mismatch. */
const BEFORE = 2;

/** What is simulated: the top, or all of it through the interface. */
export interface BenchRun {
  readonly through: Pick<SimulationRecord, "interface">;
  readonly testbench: string;
  readonly module: string;
  readonly arguments: readonly string[];
}

export const topBench = ({ config: { name } }: StageContext): BenchRun => ({
  through: {},
  testbench: emittedPaths(name).testbench,
  module: moduleNames(name).testbench,
  arguments: [],
});

/** What a simulator is told. */
export function simulationOf(
  engine: SimulatorName,
  { config, run, signal }: StageContext,
  bench: BenchRun,
): SimulationOptions {
  return {
    sources: [...rtlFiles(run), bench.testbench].map(run.absolute),
    top: bench.module,
    vectors: run.absolute(emittedPaths(config.name).vectors),
    arguments: bench.arguments,
    work: run.absolute(`.work-${engine}`),
    seconds: config.simulate.timeout,
    signal,
  };
}

/**
 * Keep waves in the run folder: by the first engine that failed, around its first mismatch; else, where they were asked
 * for, by the first engine, from the first sample on.
 *
 * @returns the files written.
 */
export async function keepWaves(
  results: ReadonlyMap<SimulatorName, SimulationResult>,
  context: StageContext,
): Promise<string[]> {
  const { config, run, watcher } = context;
  run.remove(WAVES);
  const failed = [...results].find(([, { verdict }]) => verdict === "fail" || verdict === "none");
  const [engine, result] = failed ?? (config.simulate.waves === null ? [] : [...results][0]) ?? [];
  if (engine === undefined || result === undefined) return [];
  const format = config.simulate.waves ?? "vcd";
  const file = `${WAVES}/${engine}.${format}`;
  const from = Math.max(0, (result.firstMismatch ?? 0) - BEFORE);
  const window = { format, file: run.absolute(file), from, samples: config.simulate.wavesSamples };
  const problem = await recordWaves(engine, simulationOf(engine, context, topBench(context)), window);
  watcher.line(`${engine}: ${problem ?? `waves from sample ${from} on in ${run.absolute(file)}`}`);
  return problem === null ? [file] : [];
}
