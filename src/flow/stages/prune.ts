import { count, percent } from "../../../base/format.js";
import type { Design } from "../../../compiler/ir/design.js";
import { GateKind } from "../../../compiler/ir/gate-functions.js";
import { accuracyOf, type LabelledBits } from "../../../compiler/ir/labelled-bits.js";
import { gateCount } from "../../../compiler/ir/netlist.js";
import { findTarget } from "../../../compiler/ir/target.js";
import { lutCost } from "../../../compiler/map/lut-cost.js";
import { decodeModel, encodeModel } from "../../../compiler/model/codec.js";
import { decodeDesign, encodeDesign } from "../../../compiler/model/design-codec.js";
import { freeze } from "../../../compiler/model/freeze.js";
import type { Model } from "../../../compiler/model/model.js";
import { thaw } from "../../../compiler/model/thaw.js";
import { substitutionsOf, trimsOf } from "../../../compiler/prune/edits.js";
import { gateStrengths } from "../../../compiler/prune/magnitude.js";
import { RANKINGS } from "../../../compiler/prune/ranking.js";
import { foldReadout } from "../../../compiler/prune/readout-fold.js";
import { SAVINGS, type Saving, savingsOf } from "../../../compiler/prune/savings.js";
import { type Report, worst } from "../../report/schema.js";
import { simulationModule } from "../../simulate/module.js";
import { predictBits } from "../../simulate/predict.js";
import { PRUNE_CERTIFICATE, ProofWriter, writeCertificate } from "../certificate.js";
import { isClocked } from "../emitted-style.js";
import { encodeSplit, type PreparedData } from "../prepared-data.js";
import {
  type Budget,
  isAccurate,
  isPruned,
  isSmall,
  lutCounter,
  type Measured,
  measure,
  trimsVotes,
} from "../prune/budget.js";
import { nearestText } from "../prune/nearest-text.js";
import { type ParetoOptions, paretoCsv, paretoCurves, paretoSvg } from "../prune/pareto.js";
import { finishRound, fold, type PruneWork, tidy } from "../prune/prove.js";
import { relativeTo, roundBudgets, tuneRound, withOffsets } from "../prune/rounds.js";
import { pruneToBudget, type SearchResult } from "../prune/search.js";
import type { Stage, StageContext } from "../stage.js";
import { pruneAndTune } from "../tune.js";
import { DESIGN, solverVersion } from "./optimize.js";
import { MODEL } from "./train.js";

export const PRUNED = "pruned.safetensors";
export const PRUNED_MODEL = "pruned-model.safetensors";
const SUBSTITUTIONS = "substitutions.csv";
const TRIMS = "trims.csv";
const PARETO = "pareto.csv";
const PARETO_PLOT = "pareto.svg";

/** Replace gates by others that act nearly alike, as far as the budget says; lossy. */
export const pruneStage: Stage = {
  name: "prune",
  summary: "replace gates by others that act nearly alike, within a budget: writes pruned.safetensors",
  wanted: ({ prune }) => isPruned(prune) || prune.pareto,
  after: ["train", "optimize"],
  inputs: () => [MODEL, DESIGN],
  options: ({ name, seed, prune, optimize, hardware, verify, data, train }) => ({
    name,
    seed,
    prune,
    train: prune.tune === null ? null : { ...train, threads: undefined },
    optimize,
    target: hardware.target,
    clocked: isClocked({ hardware }),
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
      module: simulationModule(),
      dontCares: config.prune.dontCares,
      signal: context.signal,
    };
    const pruned = isPruned(config.prune) ? await prune(context, design, data, options) : [];
    const curves = config.prune.pareto ? await drawCurves(context, design, data, options) : [];
    return [...pruned, ...curves];
  },
};

type Common = Omit<ParetoOptions, "test" | "onPoint">;

/** Prune to the budget, in rounds with training after each if that is asked for. @returns the files written. */
async function prune(
  context: StageContext,
  given: Design,
  data: PreparedData,
  options: Common,
): Promise<string[]> {
  const { config, run, report, watcher } = context;
  const { tune } = config.prune;
  const work: PruneWork = {
    context,
    data,
    proofs: new ProofWriter(context, "prune"),
    steps: [],
    verdicts: [],
  };
  const found: SearchResult[] = [];
  const countLuts = lutCounter(config);
  const measured = (of: Design): Measured => measure(of, options.validation, config.prune, countLuts);
  const savings: Saving[][] = [];
  const thawed = (design: Design): Model =>
    thaw(design, { seed: config.seed, temperature: options.temperature, candidates: 1 });
  const pruneRound = async (from: Design, budget: Budget): Promise<Design> => {
    const begin = fold(work, from);
    const search = searchOptions(context, begin, budget, options);
    const round = await pruneToBudget(begin, search);
    found.push(round);
    savings.push(savingsOf(begin.core, substitutionsOf(round.list)));
    return finishRound(work, begin, round, (design) => isSmall(budget, measured(design)));
  };
  let model: Model | null = null;
  let design: Design;
  if (tune === null) {
    design = await pruneRound(given, config.prune);
  } else {
    const original = measured(given).validation;
    const budgets = roundBudgets(config.prune, measured(foldReadout(given)), tune.rounds);
    const tuned = await pruneAndTune(given, budgets, {
      prune: (from, budget) => pruneRound(from, relativeTo(original, from, budget, options.validation)),
      async tune(from) {
        model = await tuneRound(context, fold(work, from), given, data, tune, options.temperature);
        return freeze(model).design;
      },
    });
    const refitted = withOffsets(tuned, data, options.temperature);
    model = { ...(model ?? thawed(refitted)), readout: refitted.readout };
    design = await tidy(work, refitted);
    // What votes weigh after training may take more LUTs than before it.
    if (!isSmall(config.prune, measured(design))) {
      design = await pruneRound(design, config.prune);
      model = thawed(design);
    }
  }
  report.verification.pruning = worst(work.verdicts);
  report.pruning = {
    ...reportOf(config, given, design, found, data, options.validation),
    savings: SAVINGS.map((kind, i) => ({
      kind,
      substitutions: savings.reduce((sum, round) => sum + round[i]!.substitutions, 0),
      gates: savings.reduce((sum, round) => sum + round[i]!.gates, 0),
    })),
  };
  run.write(PRUNED, encodeDesign(design));
  run.write(PRUNED_MODEL, encodeModel(model ?? thawed(design)));
  run.write(SUBSTITUTIONS, substitutionsCsv(found));
  run.write(TRIMS, trimsCsv(found));
  writeCertificate(run, PRUNE_CERTIFICATE, config, work.steps);
  if (!report.pruning.met) watcher.line(`the budget cannot be met; the nearest: ${report.pruning.nearest!}`);
  return [PRUNED, PRUNED_MODEL, SUBSTITUTIONS, TRIMS, PRUNE_CERTIFICATE, ...work.proofs.files];
}

function searchOptions(
  { config, watcher }: StageContext,
  design: Design,
  budget: Budget,
  options: Common,
): Parameters<typeof pruneToBudget>[1] {
  const total = gateCount(design.core);
  const { prune, hardware } = config;
  return {
    ...options,
    ranking: prune.ranking,
    budget,
    countLuts: lutCounter(config),
    ...(trimsVotes(prune) ? { trimFor: findTarget(hardware.target).lutInputs } : {}),
    onRound: ({ gates, luts, validation }) =>
      watcher.progress(total - gates, total, "pruning", {
        gates: count(gates),
        ...(luts === null ? {} : { LUTs: count(luts) }),
        validation: percent(validation),
      }),
  };
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

function reportOf(
  config: StageContext["config"],
  given: Design,
  design: Design,
  rounds: readonly SearchResult[],
  data: PreparedData,
  validation: LabelledBits,
): Omit<NonNullable<Report["pruning"]>, "savings"> {
  const { prune, hardware } = config;
  const countLuts = lutCounter(config);
  const [before, after] = [given, design].map((of) => measure(of, validation, prune, countLuts));
  const folded = foldReadout(given);
  const edits = rounds.flatMap(({ list }) => list);
  // Training changes what a round came to, so the budget is then held to by what is there in the end.
  const met =
    (prune.tune !== null || rounds.at(-1)!.met) &&
    isSmall(prune, after!) &&
    isAccurate(prune, before!, after!);
  const test = encodeSplit(given.encoder, data.test);
  return {
    ranking: prune.ranking,
    budget: {
      maxAccuracyDrop: prune.maxAccuracyDrop,
      maxGates: prune.maxGates,
      maxLuts: prune.maxLuts,
      target: hardware.target,
    },
    met,
    nearest: met ? null : nearestText(after!, before!.validation),
    substitutions: substitutionsOf(edits).length,
    votes: {
      before: given.core.outputs.length,
      folded: folded.core.outputs.length,
      after: design.core.outputs.length,
    },
    gates: { before: gateCount(given.core), after: gateCount(design.core) },
    foldedLuts: { lut4: lutCost(folded, 4), lut6: lutCost(folded, 6) },
    luts: { lut4: lutCost(design, 4), lut6: lutCost(design, 6) },
    validation: { before: before!.validation, after: after!.validation },
    test: accuracyOf(predictBits(design, test.bits, test.samples), test.labels),
  };
}

/** In the order of the choice; numbers as in the design that was pruned in that round. */
const substitutionsCsv = (rounds: readonly SearchResult[]): string =>
  `${[
    "node,substitute,complemented,round,function,fanin0,fanin1",
    ...rounds.flatMap(({ list }, round) =>
      substitutionsOf(list).map(({ node, literal, definition }) => {
        const { kind, fanin0, fanin1 } = definition ?? { kind: null, fanin0: "", fanin1: "" };
        const name = kind === null ? "" : kind === GateKind.And ? "and" : "xor";
        return [node, literal >>> 1, literal & 1, round + 1, name, fanin0, fanin1].join();
      }),
    ),
  ].join("\n")}\n`;

/** In the order of the choice; outputs as in the folded readout that was trimmed in that round. */
const trimsCsv = (rounds: readonly SearchResult[]): string =>
  `${[
    "vote,mean,round",
    ...rounds.flatMap(({ list }, round) =>
      trimsOf(list).map(({ vote, mean }) => `${vote},${mean.toFixed(6)},${round + 1}`),
    ),
  ].join("\n")}\n`;
