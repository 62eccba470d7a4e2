import type { Design } from "../../../compiler/ir/design.js";
import { gateCount } from "../../../compiler/ir/netlist.js";
import { findTarget } from "../../../compiler/ir/target.js";
import { lutCost } from "../../../compiler/map/lut-cost.js";
import { decodeModel, encodeModel } from "../../../compiler/model/codec.js";
import { decodeDesign, encodeDesign } from "../../../compiler/model/design-codec.js";
import { thaw } from "../../../compiler/model/thaw.js";
import { resolvePasses } from "../../../compiler/passes/registry.js";
import { formatPassLine, runPasses } from "../../../compiler/passes/runner.js";
import { gateStrengths } from "../../../compiler/prune/magnitude.js";
import { RANKINGS } from "../../../compiler/prune/ranking.js";
import { rewire } from "../../../compiler/prune/substitution.js";
import { checkEquivalent, type EquivalenceVerdict } from "../../../compiler/verify/equivalence.js";
import { createCdclSolver } from "../../../sat/cdcl/solver.js";
import { timeLimited } from "../../../sat/time-limit.js";
import type { CertificateStep } from "../../report/certificate.js";
import { type Report, worst } from "../../report/schema.js";
import { predictBits } from "../../simulate/predict.js";
import { PRUNE_CERTIFICATE, ProofWriter, writeCertificate } from "../certificate.js";
import { passStep, substitutionStep } from "../certificate-steps.js";
import { eventLoopTurn } from "../event-loop.js";
import { accuracyOf, encodeSplit, type PreparedData } from "../prepared-data.js";
import { isPruned } from "../prune/budget.js";
import { nearestText } from "../prune/nearest-text.js";
import { type ParetoOptions, paretoCsv, paretoCurves, paretoSvg } from "../prune/pareto.js";
import { pruneToBudget, type SearchResult } from "../prune/search.js";
import type { Stage, StageContext } from "../stage.js";
import { DESIGN, solverVersion } from "./optimize.js";
import { MODEL } from "./train.js";

export const PRUNED = "pruned.safetensors";
export const PRUNED_MODEL = "pruned-model.safetensors";
const SUBSTITUTIONS = "substitutions.csv";
const PARETO = "pareto.csv";
const PARETO_PLOT = "pareto.svg";

/** Replace gates by others that act nearly alike, as far as the budget says; lossy. */
export const pruneStage: Stage = {
  name: "prune",
  summary: "replace gates by others that act nearly alike, within a budget: writes pruned.safetensors",
  wanted: ({ prune }) => isPruned(prune) || prune.pareto,
  after: ["train", "optimize"],
  inputs: () => [MODEL, DESIGN],
  options: ({ name, seed, prune, optimize, hardware, verify, data }) => ({
    name,
    seed,
    prune,
    optimize,
    target: hardware.target,
    verify: { conflicts: verify.conflicts, proof: verify.proof, queryTimeout: verify.queryTimeout },
    data,
  }),
  versions: async () => solverVersion(),
  readsData: true,
  sections: ({ pruning, pareto, verification }) => ({ pruning, pareto, verdict: verification.pruning }),
  clear(report) {
    report.pruning = null;
    report.pareto = null;
    report.verification.pruning = null;
  },
  async execute(context) {
    const { config, run } = context;
    const model = decodeModel(run.read(MODEL), run.absolute(MODEL));
    const design = decodeDesign(run.read(DESIGN), run.absolute(DESIGN));
    const data = await context.data();
    const options = {
      data: encodeSplit(design.encoder, data.train),
      validation: encodeSplit(design.encoder, data.validation),
      temperature: model.temperature,
      seed: config.seed,
      drawn: config.prune.samples,
      share: config.prune.share,
      strengths: gateStrengths(model),
      signal: context.signal,
    };
    const pruned = isPruned(config.prune) ? await prune(context, design, data, options) : [];
    const curves = config.prune.pareto ? await drawCurves(context, design, data, options) : [];
    return [...pruned, ...curves];
  },
};

type Common = Omit<ParetoOptions, "test" | "onPoint">;

/** Prune to the budget. @returns the files written. */
async function prune(
  context: StageContext,
  given: Design,
  data: PreparedData,
  options: Common,
): Promise<string[]> {
  const { config, run, report, watcher } = context;
  const total = gateCount(given.core);
  const found = await pruneToBudget(given, {
    ...options,
    ranking: config.prune.ranking,
    budget: config.prune,
    lutInputs: findTarget(config.hardware.target).lutInputs,
    onRound: ({ gates, luts, validation }) =>
      watcher.progress(total - gates, total, "pruning", {
        gates: count(gates),
        ...(luts === null ? {} : { LUTs: count(luts) }),
        validation: percent(validation),
      }),
  });
  const proofs = new ProofWriter(context, "prune");
  const { design, steps, verdicts } = await proveAndTidy(context, given, found, data, proofs);
  report.verification.pruning = worst(verdicts);
  report.pruning = reportOf(config, given, design, found, data);
  const model = thaw(design, { seed: config.seed, temperature: options.temperature, candidates: 1 });
  run.write(PRUNED, encodeDesign(design));
  run.write(PRUNED_MODEL, encodeModel(model));
  run.write(SUBSTITUTIONS, substitutionsCsv(found));
  writeCertificate(run, PRUNE_CERTIFICATE, config, steps);
  if (!found.met) watcher.line(`the budget cannot be met; the nearest: ${report.pruning.nearest!}`);
  return [PRUNED, PRUNED_MODEL, SUBSTITUTIONS, PRUNE_CERTIFICATE, ...proofs.files];
}

/** Accuracy against gates for every ranking. @returns the files written. */
async function drawCurves(
  { config, run, report, watcher }: StageContext,
  design: Design,
  data: PreparedData,
  options: Common,
): Promise<string[]> {
  const points = await paretoCurves(design, {
    ...options,
    test: encodeSplit(design.encoder, data.test),
    onPoint: (ranking, gates, validation) =>
      watcher.progress(RANKINGS.indexOf(ranking), RANKINGS.length, "curves", {
        ranking,
        gates: count(gates),
        validation: percent(validation),
      }),
  });
  report.pareto = points;
  run.write(PARETO, paretoCsv(points));
  run.write(PARETO_PLOT, paretoSvg(config.name, points));
  return [PARETO, PARETO_PLOT];
}

const count = (n: number): string => n.toLocaleString("en-US");
const percent = (share: number): string => `${(100 * share).toFixed(2)}%`;

interface Proved {
  readonly design: Design;
  readonly steps: readonly CertificateStep[];
  readonly verdicts: readonly EquivalenceVerdict["tag"][];
}

/** Prove the application of the substitutions, then run the passes on what it gave, each proved too. */
async function proveAndTidy(
  context: StageContext,
  given: Design,
  found: SearchResult,
  data: PreparedData,
  proofs: ProofWriter,
): Promise<Proved> {
  const { config, signal, watcher, run } = context;
  const createSolver = timeLimited(createCdclSolver, 1000 * config.verify.queryTimeout);
  const { bits, samples } = encodeSplit(given.encoder, data.train);
  const options = { seed: config.seed, patterns: bits, createSolver, cancelled: () => signal.aborted };
  const literal = { ...found.design, core: rewire(given.core, found.list) };
  const verdict = await checkEquivalent(literal.core, found.design.core, {
    ...options,
    conflictBudget: config.verify.conflicts,
  });
  signal.throwIfAborted();
  watcher.line(`${count(found.list.length)} substitutions applied: ${verdict.tag}`);
  const steps = [await substitutionStep(found.list.length, literal, found.design, verdict, proofs)];
  if (verdict.tag === "refuted") return { design: found.design, steps, verdicts: [verdict.tag] };
  let before = found.design;
  const { design, records } = await runPasses(found.design, resolvePasses(config.optimize.passes), {
    context: { ...options, samples },
    now: () => performance.now(),
    conflictBudget: config.verify.conflicts,
    onPass: async (record, result) => {
      await eventLoopTurn();
      signal.throwIfAborted();
      watcher.line(formatPassLine(record));
      run.log("pass", { ...record, counterexample: undefined });
      steps.push(await passStep(steps.length, record, before, result, proofs));
      before = result;
    },
  });
  return { design, steps, verdicts: [verdict.tag, ...records.map((record) => record.verdict)] };
}

function reportOf(
  { prune, hardware }: StageContext["config"],
  given: Design,
  design: Design,
  found: SearchResult,
  data: PreparedData,
): NonNullable<Report["pruning"]> {
  const accuracy = (of: Design, split: "validation" | "test"): number => {
    const { bits, samples, labels } = encodeSplit(of.encoder, data[split]);
    return accuracyOf(predictBits(of, bits, samples), labels);
  };
  const [before, after] = [accuracy(given, "validation"), accuracy(design, "validation")];
  return {
    ranking: prune.ranking,
    budget: {
      maxAccuracyDrop: prune.maxAccuracyDrop,
      maxGates: prune.maxGates,
      maxLuts: prune.maxLuts,
      target: hardware.target,
    },
    met: found.met,
    nearest: found.met ? null : nearestText(found.measured, before),
    substitutions: found.list.length,
    gates: { before: gateCount(given.core), after: gateCount(design.core) },
    luts: { lut4: lutCost(design, 4), lut6: lutCost(design, 6) },
    validation: { before, after },
    test: accuracy(design, "test"),
  };
}

/** In the order of the choice; numbers as in the design that was pruned. */
const substitutionsCsv = ({ list }: SearchResult): string =>
  `${["node,substitute,complemented", ...list.map(({ node, literal }) => `${node},${literal >>> 1},${literal & 1}`)].join("\n")}\n`;
