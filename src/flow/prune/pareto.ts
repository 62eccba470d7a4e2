import type { Design } from "../../../compiler/ir/design.js";
import { accuracyOf, type LabelledBits } from "../../../compiler/ir/labelled-bits.js";
import { gateCount } from "../../../compiler/ir/netlist.js";
import { type PruneOptions, pruneRounds } from "../../../compiler/prune/prune-rounds.js";
import { RANKINGS, type Ranking } from "../../../compiler/prune/ranking.js";
import { plotSvg } from "../../report/plot.js";
import { predictBits } from "../../simulate/predict.js";
import { eventLoopTurn } from "../event-loop.js";

/** A design on the way of a ranking. */
export interface ParetoPoint {
  readonly ranking: Ranking;
  readonly gates: number;
  /** Shares of the samples that are right. */
  readonly validation: number;
  readonly test: number;
}

export interface ParetoOptions extends Omit<PruneOptions, "ranking"> {
  readonly validation: LabelledBits;
  readonly test: LabelledBits;
  readonly signal: AbortSignal;
  readonly onPoint: (ranking: Ranking, gates: number, validation: number) => void;
}

/** Share of the gates at which a curve ends. */
const LAST = 0.1;

/**
 * Accuracy against gates for every ranking and baseline, a point a round. The test samples are looked at once all curves
 * stand, and nothing comes of them but a column.
 */
export async function paretoCurves(design: Design, options: ParetoOptions): Promise<ParetoPoint[]> {
  const right = (of: Design, { bits, samples, labels }: LabelledBits): number =>
    accuracyOf(predictBits(of, bits, samples), labels);
  const points: { ranking: Ranking; design: Design; validation: number }[] = [];
  for (const ranking of RANKINGS) {
    points.push({ ranking, design, validation: right(design, options.validation) });
    for (const round of pruneRounds(design, { ...options, ranking })) {
      const validation = right(round.design, options.validation);
      points.push({ ranking, design: round.design, validation });
      options.onPoint(ranking, gateCount(round.design.core), validation);
      await eventLoopTurn();
      options.signal.throwIfAborted();
      if (gateCount(round.design.core) <= LAST * gateCount(design.core)) break;
    }
  }
  return points.map(({ ranking, design: at, validation }) => ({
    ranking,
    gates: gateCount(at.core),
    validation,
    test: right(at, options.test),
  }));
}

export const paretoCsv = (points: readonly ParetoPoint[]): string =>
  `${["ranking,gates,validation,test", ...points.map((p) => [p.ranking, p.gates, p.validation, p.test].join())].join("\n")}\n`;

/** Validation accuracy against gates, a line a ranking. */
export function paretoSvg(name: string, points: readonly ParetoPoint[]): string {
  const series = RANKINGS.map((ranking) => ({
    name: ranking,
    mark: "line" as const,
    points: points.filter((p) => p.ranking === ranking).map((p) => [p.gates, p.validation] as const),
  }));
  return plotSvg([
    { title: `${name}: pruning`, x: { label: "gates" }, y: { label: "validation share right" }, series },
  ]);
}
