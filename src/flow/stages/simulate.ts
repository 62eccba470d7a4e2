import { ExitCode, UserError } from "../../../base/errors.js";
import { interfaceBench } from "../../../compiler/emit/interface-testbench/bench.js";
import { parseVectors } from "../../../compiler/emit/vectors.js";
import type { Design } from "../../../compiler/ir/design.js";
import { decodeDesign } from "../../../compiler/model/design-codec.js";
import { makeClassifier } from "../../../compiler/simulate/classifier.js";
import type { SimulationRecord } from "../../report/schema.js";
import { simulationModule } from "../../simulate/module.js";
import {
  isInstalled,
  type SimulationResult,
  type SimulatorName,
  simulateRtl,
  simulatorVersion,
} from "../../tools/simulators.js";
import { finalDesign } from "../final-design.js";
import { interfaceSamples } from "../interface-options.js";
import { keepActivity } from "../keep-activity.js";
import { type BenchRun, keepWaves, type RtlRun, simulationOf, topBench } from "../rtl-simulation.js";
import type { Stage, StageContext } from "../stage.js";
import { emittedPaths, interfaceBenchFile, rtlFiles } from "./emit.js";

const SIMULATORS: readonly SimulatorName[] = ["icarus", "verilator"];

/** Simulators to run: those asked for, else those installed. */
const chosen = (context: Pick<StageContext, "config">): readonly SimulatorName[] =>
  context.config.simulate.engines ?? SIMULATORS.filter(isInstalled);

/** Every test sample through the netlist, and through the Verilog where a simulator is installed. */
export const simulateStage: Stage = {
  name: "simulate",
  summary:
    "run the test set through the netlist, and through the Verilog in Icarus and Verilator where installed",
  after: ["train", "optimize", "prune", "emit"],
  inputs: ({ config, run }) => [
    finalDesign(config),
    ...rtlFiles(run),
    ...Object.values(emittedPaths(config.name)),
    ...(config.hardware.interface === "parallel" ? [] : [interfaceBenchFile(config)]),
  ],
  options: ({ name, simulate, hardware }) => ({ name, simulate, hardware }),
  async versions(context) {
    const found = await Promise.all(
      chosen(context).map(async (name) => [name, await simulatorVersion(name)]),
    );
    return Object.fromEntries(found);
  },
  check(context) {
    if (context.config.simulate.waves === null || chosen(context).length > 0) return;
    throw new UserError(
      "tool/missing",
      "simulate.waves: expected a simulator that writes them but found none",
      "install Icarus Verilog or Verilator, and leave it in simulate.engines",
      ExitCode.toolMissing,
    );
  },
  readsData: false,
  sections: ({ verification }) => ({
    simulation: verification.simulation,
    simulations: verification.simulations,
  }),
  clear(report) {
    report.verification.simulation = null;
    report.verification.simulations = null;
  },
  async execute(context) {
    const { config, run, report, watcher } = context;
    const file = finalDesign(config);
    const design = decodeDesign(run.read(file), run.absolute(file));
    const records: SimulationRecord[] = [];
    const keep = (record: SimulationRecord): void => {
      watcher.line(shown(record));
      records.push(record);
    };
    keep(simulateNetlist(design, run.readText(emittedPaths(config.name).vectors)));
    const runs: RtlRun[] = [];
    const simulate = async (engine: SimulatorName, bench: BenchRun): Promise<void> => {
      watcher.line(`${engine}: running …`);
      const result = await simulateRtl(engine, simulationOf(engine, context, bench));
      runs.push({ engine, bench, result });
      keep(recordOf(engine, bench, result));
    };
    for (const engine of SIMULATORS) {
      if (chosen(context).includes(engine)) await simulate(engine, topBench(context));
      else keep(skipped(engine, context));
    }
    const strongest = records.findLast(({ verdict }) => verdict !== "skipped")!;
    if (config.hardware.interface !== "parallel")
      for (const engine of chosen(context)) await simulate(engine, benchOfInterface(context, design));
    report.verification.simulations = records;
    report.verification.simulation = strongest;
    return [...keepActivity(design, context), ...(await keepWaves(runs, context))];
  },
};

/** A record in one line. */
function shown({
  engine,
  interface: through,
  samples,
  mismatches,
  verdict,
  reason,
}: SimulationRecord): string {
  const ran = verdict !== "skipped" && verdict !== "unknown";
  const counts = ran ? `${samples} samples, ${mismatches} mismatches` : verdict;
  const what = through === undefined ? engine : `${engine}, ${through}`;
  return `${what}: ${counts}${reason === "" ? "" : ` (${reason})`}`;
}

/** The vectors of the testbench through the netlist. */
export function simulateNetlist(design: Design, text: string): SimulationRecord {
  const failed = (reason: string): SimulationRecord => ({
    engine: "netlist",
    samples: 0,
    mismatches: 0,
    verdict: "refuted",
    reason,
  });
  const vectors = parseVectors(design, text);
  if (vectors === null) return failed("the vector file does not hold the samples that it announces");
  const samples = vectors.expected.length;
  const found = makeClassifier(simulationModule(), design).predict(vectors.codes, samples);
  const mismatches = found.reduce((n, cls, s) => n + Number(cls !== vectors.expected[s]), 0);
  const verdict = mismatches === 0 ? "agreed" : "refuted";
  return { engine: "netlist", samples, mismatches, verdict, reason: "" };
}

function skipped(engine: SimulatorName, { config }: StageContext): SimulationRecord {
  const reason =
    config.simulate.engines === null ? `${engine} is not installed` : "not asked for (simulate.engines)";
  return { engine, samples: 0, mismatches: 0, verdict: "skipped", reason };
}

/** A simulator's verdict as the report has it. */
export const VERDICT = {
  pass: "agreed",
  fail: "refuted",
  none: "refuted",
  stopped: "unknown",
} as const satisfies Record<SimulationResult["verdict"], SimulationRecord["verdict"]>;

/** The interface's testbench, with as many samples as fit its cycles. @param netlist as of `cyclesPerSample`. */
export function benchOfInterface({ config }: StageContext, design: Design, netlist = false): BenchRun {
  const { name, seed, hardware } = config;
  return {
    through: { interface: hardware.interface },
    testbench: interfaceBenchFile(config),
    module: interfaceBench(name, hardware.interface),
    arguments: [`+samples=${interfaceSamples(design, config, netlist)}`, `+seed=${seed}`],
  };
}

const recordOf = (
  engine: SimulatorName,
  { through }: BenchRun,
  { verdict, samples, mismatches, reason }: SimulationResult,
): SimulationRecord => ({ engine, ...through, samples, mismatches, verdict: VERDICT[verdict], reason });
