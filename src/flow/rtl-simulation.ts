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

/** One run of a testbench. */
export interface RtlRun {
  readonly engine: SimulatorName;
  readonly bench: BenchRun;
  readonly result: SimulationResult;
}

/**
 * Keep waves of every testbench in the run folder: by the first engine that failed, around its first failure; else, where
 * they were asked for, by the first engine, from the first sample on.
 *
 * @returns the files written.
 */
export async function keepWaves(runs: readonly RtlRun[], context: StageContext): Promise<string[]> {
  context.run.remove(WAVES);
  const files: string[] = [];
  for (const module of new Set(runs.map(({ bench }) => bench.module))) {
    const own = runs.filter(({ bench }) => bench.module === module);
    const failed = own.find(({ result: { verdict } }) => verdict === "fail" || verdict === "none");
    const shown = failed ?? (context.config.simulate.waves === null ? undefined : own[0]);
    if (shown !== undefined) files.push(...(await wavesOf(shown, context)));
  }
  return files;
}

async function wavesOf({ engine, bench, result }: RtlRun, context: StageContext): Promise<string[]> {
  const { config, run, watcher } = context;
  const format = config.simulate.waves ?? "vcd";
  const { interface: through } = bench.through;
  const file = `${WAVES}/${engine}${through === undefined ? "" : `-${through}`}.${format}`;
  const from = Math.max(0, (result.firstMismatch ?? 0) - BEFORE);
  const window = { format, file: run.absolute(file), from, samples: config.simulate.wavesSamples };
  const problem = await recordWaves(engine, simulationOf(engine, context, bench), window);
  watcher.line(`${engine}: ${problem ?? `waves from sample ${from} on in ${run.absolute(file)}`}`);
  return problem === null ? [file] : [];
}
