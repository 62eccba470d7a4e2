import { FALSE, type Literal, TRUE } from "../ir/literal.js";
import type { Netlist } from "../ir/netlist.js";
import { HASHING, NetlistBuilder } from "../ir/netlist-builder.js";
import type { Comparison } from "../map/readout-circuit.js";
import type { FoundReadout } from "../read/readout.js";

/** A tournament as it was found: who plays whom, down to the scores of the classes, left to right. */
export type Contest =
  | { readonly tag: "score"; readonly score: readonly Literal[] }
  | { readonly tag: "match"; readonly match: number; readonly sides: readonly Contest[] };

/** Pairs of sides in the order of a match's results. */
const PAIRS: Readonly<Record<number, readonly (readonly [number, number])[]>> = {
  1: [[0, 1]],
  3: [
    [0, 1],
    [0, 2],
    [1, 2],
  ],
};

/**
 * Who plays whom, found from the comparisons behind each match's results and from the choices that hand a winner's
 * score on; or what is wrong with it.
 */
export function findTournament({ cells, results }: FoundReadout): Contest | string {
  const comparisons = new Map(
    cells.flatMap((cell) => (cell.tag === "comparison" ? [[cell.higher, cell]] : [])),
  );
  const choices = new Map(
    cells.flatMap((cell) =>
      cell.tag === "choice" ? [[[...cell.wins, "of", ...cell.sides].join(), 2 * cell.winner]] : [],
    ),
  );
  /** The two numbers that a result compares, low bits first. */
  const compared = (result: Literal): [a: Literal[], b: Literal[]] | null => {
    const sides: [Literal[], Literal[]] = [[], []];
    const seen = new Set<number>();
    for (let at: Literal | null = result; at !== null; ) {
      const cell: Comparison | undefined = (at & 1) === 0 ? comparisons.get(at >>> 1) : undefined;
      if (cell === undefined || seen.has(at)) return null;
      seen.add(at);
      sides[0].unshift(...cell.a);
      sides[1].unshift(...cell.b);
      at = cell.below === FALSE ? null : cell.below;
    }
    return sides;
  };
  const scoresOf = results.map((match) => sidesOf(match, compared));
  const bad = scoresOf.find((scores) => typeof scores === "string");
  if (bad !== undefined) return bad as string;
  const winners = new Map(
    results.map((wins, m) => {
      const scores = scoresOf[m] as Literal[][];
      const score = scores[0]!.map((_, k) => {
        const bits = scores.map((side) => side[k]!);
        // A bit that all sides share is the winner's, whoever wins.
        return bits.every((bit) => bit === bits[0]) ? bits[0] : choices.get([...wins, "of", ...bits].join());
      });
      return [score.join(), m];
    }),
  );
  return treeOf(results.length, scoresOf as Literal[][][], winners);
}

/** The scores of a match's sides, each the same in every comparison. */
function sidesOf(
  wins: readonly Literal[],
  compared: (result: Literal) => [Literal[], Literal[]] | null,
): Literal[][] | string {
  const pairs = PAIRS[wins.length];
  if (pairs === undefined) return `a match with ${wins.length} results`;
  const scores: Literal[][] = [];
  for (const [p, pair] of pairs.entries()) {
    const found = compared(wins[p]!);
    if (found === null) return "a match's result is no comparison of two scores";
    for (const [i, side] of pair.entries()) {
      scores[side] ??= found[i]!;
      if (scores[side]!.join() !== found[i]!.join())
        return "a match compares one side by two different scores";
    }
  }
  return scores;
}

/** From the last match down; every match must be played, and once. */
function treeOf(
  count: number,
  scoresOf: readonly Literal[][][],
  winners: ReadonlyMap<string, number>,
): Contest | string {
  const played = new Set<number>();
  const walk = (match: number): Contest | string => {
    if (played.has(match)) return "a winner goes on twice";
    played.add(match);
    const sides: Contest[] = [];
    for (const score of scoresOf[match]!) {
      const from = winners.get(score.join());
      const side = from === undefined ? { tag: "score" as const, score } : walk(from);
      if (typeof side === "string") return side;
      sides.push(side);
    }
    return { tag: "match", match, sides };
  };
  if (count === 0) return "there are no matches";
  const root = walk(count - 1);
  if (typeof root !== "string" && played.size < count) return "a match's winner goes nowhere";
  return root;
}

/** The scores that contest, from left to right. */
export const scoresIn = (contest: Contest): (readonly Literal[])[] =>
  contest.tag === "score" ? [contest.score] : contest.sides.flatMap(scoresIn);

/**
 * What the index module has to do: name the class that is left when each match's winner goes on. Inputs: results of
 * match after match; outputs: the class index, low bit first.
 */
export function indexSpecification(
  contest: Contest,
  results: readonly (readonly Literal[])[],
  width: number,
): Netlist {
  const builder = new NetlistBuilder(
    results.reduce((n, { length }) => n + length, 0),
    HASHING,
  );
  const first = results.map((_, m) => results.slice(0, m).reduce((n, { length }) => n + length, 0));
  let classes = 0;
  const indexOf = (side: Contest): Literal[] => {
    if (side.tag === "score") {
      const cls = classes++;
      return Array.from({ length: width }, (_, k) => (Math.floor(cls / 2 ** k) % 2 === 1 ? TRUE : FALSE));
    }
    const result = (pair: number): Literal => builder.input(first[side.match]! + pair);
    const [a, b, c] = side.sides.map(indexOf);
    const best = a!.map((bit, k) => builder.mux(result(0), b![k]!, bit));
    if (c === undefined) return best;
    const lastWins = builder.or(
      builder.and(result(0), result(2)),
      builder.and(builder.xor(result(0), TRUE), result(1)),
    );
    return best.map((bit, k) => builder.mux(lastWins, c[k]!, bit));
  };
  return builder.finish(indexOf(contest));
}
