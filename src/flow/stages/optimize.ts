import { UserError } from "../../../base/errors.js";
import { suggest } from "../../../base/nearest.js";
import { emitAiger } from "../../../compiler/emit/aiger.js";
import { emitBlif } from "../../../compiler/emit/blif.js";
import type { Design } from "../../../compiler/ir/design.js";
import { gateProfile } from "../../../compiler/ir/gate-profile.js";
import { namedCore } from "../../../compiler/ir/named-netlist.js";
import { gateCount } from "../../../compiler/ir/netlist.js";
import { lutCost } from "../../../compiler/map/lut-cost.js";
import { checkFreeze } from "../../../compiler/model/check-freeze.js";
import { decodeModel } from "../../../compiler/model/codec.js";
import { encodeDesign } from "../../../compiler/model/design-codec.js";
import { freeze } from "../../../compiler/model/freeze.js";
import type { Model } from "../../../compiler/model/model.js";
import type { Pass } from "../../../compiler/passes/pass.js";
import { resolvePasses } from "../../../compiler/passes/registry.js";
import { formatPassLine, type PassRecord, runPasses } from "../../../compiler/passes/runner.js";
import { makeClassifier } from "../../../compiler/simulate/classifier.js";
import { createCdclSolver } from "../../../sat/cdcl/solver.js";
import { timeLimited } from "../../../sat/time-limit.js";
import type { ProfiledPass } from "../../report/html/input.js";
import { worst } from "../../report/schema.js";
import { simulationModule } from "../../simulate/module.js";
import { predictHard } from "../../train/evaluate.js";
import { fileSide, OPTIMIZE_CERTIFICATE, ProofWriter, writeCertificate } from "../certificate.js";
import { freezeStep, passStep } from "../certificate-steps.js";
import { eventLoopTurn } from "../event-loop.js";
import { fileComment, hashedComment } from "../file-comment.js";
import { encodeSplit, type PreparedData, SPLITS } from "../prepared-data.js";
import type { Stage, StageContext } from "../stage.js";
import { MODEL } from "./train.js";

export const DESIGN = "design.safetensors";
const BLIF = "netlist.blif";
const AIGER = "netlist.aig";
/** Gates by level and form after freeze and every pass. */
export const GATE_PROFILES = "gates.json";
const DUMP = "dump";

/** Freeze the model to a netlist, check that nothing changed, and run the passes. */
export const optimizeStage: Stage = {
  name: "optimize",
  summary: "freeze the model and run the passes: writes design.safetensors, netlist.blif and netlist.aig",
  after: ["train"],
  inputs: () => [MODEL],
  options: ({ name, seed, optimize, verify, data }) => ({
    name,
    seed,
    optimize,
    verify: { conflicts: verify.conflicts, proof: verify.proof, queryTimeout: verify.queryTimeout },
    data,
  }),
  versions: async () => solverVersion(),
  check: (context) => void chosen(context),
  readsData: true,
  sections: ({ gates, luts, passes, verification }) => ({
    gates,
    luts,
    passes: passes?.map((pass) => ({ ...pass, seconds: 0 })),
    freeze: verification.freeze,
    passesVerdict: verification.passes,
  }),
  clear(report) {
    if (report.gates !== null) report.gates = { ...report.gates, frozen: null, final: null };
    report.luts = null;
    report.passes = null;
    report.verification.freeze = null;
    report.verification.passes = null;
  },
  async execute(context) {
    const { config, run, report, watcher } = context;
    const { passes, dumps } = chosen(context);
    const model = decodeModel(run.read(MODEL), run.absolute(MODEL));
    const data = await context.data();
    const frozen = freeze(model);
    const gatewise = checkFreeze(model, frozen);
    const disagreement =
      gatewise.tag === "refuted" ? gatewise.reason : samplewise(model, frozen.design, data);
    report.verification.freeze = disagreement === null ? "proved" : "refuted";
    watcher.line(
      `freeze: ${gateCount(frozen.design.core)} gates, ${disagreement ?? "every gate and every sample agree with the model"}`,
    );
    run.remove(DUMP);
    const dumped: string[] = [];
    const proofs = new ProofWriter(context, "optimize");
    const profiles: ProfiledPass[] = [{ after: "freeze", levels: gateProfile(frozen.design.core) }];
    const steps = [freezeStep(fileSide(run, MODEL), frozen.design, disagreement)];
    let before = frozen.design;
    const dump = async (record: PassRecord, result: Design): Promise<void> => {
      watcher.line(formatPassLine(record));
      run.log("pass", { ...record, counterexample: undefined });
      steps.push(await passStep(steps.length, record, before, result, proofs));
      profiles.push({ after: record.name, levels: gateProfile(result.core) });
      before = result;
      if (!dumps.has(record.name)) return;
      const file = `${DUMP}/${String(dumped.length + 1).padStart(2, "0")}-${record.name}.blif`;
      run.write(file, emitBlif(namedCore(result.core, config.name), fileComment(config)));
      dumped.push(file);
    };
    const { design, records } = await optimise(frozen.design, passes, model, data, context, dump);
    report.gates = {
      trained: report.gates?.trained ?? 0,
      shared: report.gates?.shared ?? 0,
      frozen: gateCount(frozen.design.core),
      final: gateCount(design.core),
    };
    report.luts = { lut4: lutCost(design, 4), lut6: lutCost(design, 6) };
    report.passes = records.map(({ name, before, after, stats, seconds, verdict }) => ({
      name,
      before,
      after,
      stats,
      seconds,
      verdict,
    }));
    report.verification.passes = worst(records.map(({ verdict }) => verdict));
    run.write(DESIGN, encodeDesign(design));
    run.write(GATE_PROFILES, `${JSON.stringify(profiles)}\n`);
    const circuit = namedCore(design.core, config.name);
    const comment = hashedComment(config, run, [MODEL, DESIGN]);
    run.write(BLIF, emitBlif(circuit, comment));
    run.write(AIGER, emitAiger(circuit, comment));
    writeCertificate(run, OPTIMIZE_CERTIFICATE, config, steps);
    return [DESIGN, BLIF, AIGER, GATE_PROFILES, OPTIMIZE_CERTIFICATE, ...proofs.files, ...dumped];
  },
};

export const solverVersion = (): Record<string, string> => ({ solver: createCdclSolver().name });

/** The passes to run and those to dump after. @throws {UserError} for names that there are not. */
function chosen({ config, dumpAfter }: StageContext): { passes: Pass[]; dumps: Set<string> } {
  const passes = resolvePasses(config.optimize.passes);
  const names = passes.map(({ name }) => name);
  if (dumpAfter.includes("all")) return { passes, dumps: new Set(names) };
  for (const name of dumpAfter) {
    if (!names.includes(name)) {
      throw new UserError(
        "usage/dump-after",
        `--dump-after: expected a pass that runs but found "${name}"`,
        suggest(name, [...names, "all"]),
      );
    }
  }
  return { passes, dumps: new Set(dumpAfter) };
}

/** The first split on which netlist and trainer's evaluator differ, or null. */
function samplewise(model: Model, design: Design, data: PreparedData): string | null {
  const classifier = makeClassifier(simulationModule(), design);
  for (const split of SPLITS) {
    const { bits, samples } = encodeSplit(model.encoder, data[split]);
    const [circuit, trainer] = [classifier.predictBits(bits, samples), predictHard(model, bits, samples)];
    const at = circuit.findIndex((cls, s) => cls !== trainer[s]);
    if (at >= 0) return `sample ${at} of the ${split} split differs from the model`;
  }
  return null;
}

async function optimise(
  design: Design,
  passes: readonly Pass[],
  model: Model,
  data: PreparedData,
  { config, signal }: StageContext,
  onPass: (record: PassRecord, result: Design) => Promise<void>,
): ReturnType<typeof runPasses> {
  const { bits, samples } = encodeSplit(model.encoder, data.train);
  return runPasses(design, passes, {
    context: {
      seed: config.seed,
      patterns: bits,
      samples,
      createSolver: timeLimited(createCdclSolver, 1000 * config.verify.queryTimeout),
      cancelled: () => signal.aborted,
    },
    now: () => performance.now(),
    conflictBudget: config.verify.conflicts,
    onPass: async (record, result) => {
      await eventLoopTurn();
      signal.throwIfAborted();
      return onPass(record, result);
    },
  });
}
