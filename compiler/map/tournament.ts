import { type Literal, literalOf } from "../ir/literal.js";
import type { ReadoutStyle } from "./counter.js";
import type { Match, Nets, ReadoutCell, ReadoutCircuit, Side } from "./readout-circuit.js";

/**
 * Bits that one LUT compares: the lowest ones alone, or more of them with the result from below.
 */
const comparedBits = ({ lutInputs }: ReadoutStyle, below: boolean): number =>
  Math.floor((lutInputs - Number(below)) / 2);

/** LUTs that compare two scores. */
function comparisonCost(width: number, style: ReadoutStyle): number {
  return 1 + Math.max(0, Math.ceil((width - comparedBits(style, false)) / comparedBits(style, true)));
}

/** The pairs of sides that are compared, lower one first, in the order of `Match.wins`. */
export const pairsOf = (sides: number): readonly (readonly [a: number, b: number])[] =>
  PAIRS.filter(([, b]) => b < sides);
const PAIRS = [
  [0, 1],
  [0, 2],
  [1, 2],
] as const;

/**
 * How many sides each match of each round has; 1 is a bye. All rounds are tried that make matches of two, or of three
 * where one LUT chooses among three bits: three comparisons then save one choice in two.
 */
function cheapestRounds(classes: number, width: number, style: ReadoutStyle): number[][] {
  const compare = comparisonCost(width, style);
  const most = style.lutInputs === 6 ? 3 : 2;
  const best = new Map<number, { cost: number; rounds: number[][] }>([[1, { cost: 0, rounds: [] }]]);
  for (let count = 2; count <= classes; count++) {
    let found = { cost: Number.POSITIVE_INFINITY, rounds: [] as number[][] };
    for (let threes = 0; 3 * threes <= count; threes++) {
      if (threes > 0 && most < 3) break;
      const rest = count - 3 * threes;
      for (let twos = 0; 2 * twos <= rest; twos++) {
        const byes = rest - 2 * twos;
        const next = best.get(threes + twos + byes);
        if (threes + twos === 0 || next === undefined) continue;
        const last = threes + twos + byes === 1;
        const cost = (threes * 3 + twos) * compare + (last ? 0 : (threes + twos) * width) + next.cost;
        // Of equally cheap ones the one with the fewest rounds is the fastest.
        const shallower = cost === found.cost && next.rounds.length + 1 < found.rounds.length;
        if (cost > found.cost || (cost === found.cost && !shallower)) continue;
        const round = [...Array(threes).fill(3), ...Array(twos).fill(2), ...Array(byes).fill(1)] as number[];
        found = { cost, rounds: [round, ...next.rounds] };
      }
    }
    best.set(count, found);
  }
  return best.get(classes)!.rounds;
}

/**
 * The tournament of scores of equal width, low bits first: the highest score wins, of equal ones that of the lowest
 * class. Sides stay in class order.
 */
export function holdTournament(
  scores: readonly (readonly Literal[])[],
  style: ReadoutStyle,
  nets: Nets,
): Pick<ReadoutCircuit, "cells" | "matches"> {
  const cells: ReadoutCell[] = [];
  const matches: Match[] = [];
  const compare = (a: readonly Literal[], b: readonly Literal[]): Literal => {
    let below: Literal | null = null;
    for (let from = 0; from < a.length; ) {
      const to = from + comparedBits(style, below !== null);
      const higher = nets.fresh();
      cells.push({ tag: "comparison", a: a.slice(from, to), b: b.slice(from, to), below, higher });
      below = literalOf(higher);
      from = to;
    }
    return below!;
  };
  const chosen = new Map<string, Literal>();
  /** Bits that all sides share, and equal choices, need no cell. */
  const choose = (wins: readonly Literal[], sides: readonly Literal[]): Literal => {
    if (sides.every((bit) => bit === sides[0])) return sides[0]!;
    const key = [...wins, ...sides].join();
    const held = chosen.get(key);
    if (held !== undefined) return held;
    const winner = nets.fresh();
    cells.push({ tag: "choice", wins, sides, winner });
    chosen.set(key, literalOf(winner));
    return literalOf(winner);
  };
  const play = (sides: readonly Side[], last: boolean): Side => {
    const wins = pairsOf(sides.length).map(([a, b]) => compare(sides[a]!.score, sides[b]!.score));
    const score = last
      ? []
      : sides[0]!.score.map((_, k) =>
          choose(
            wins,
            sides.map((side) => side.score[k]!),
          ),
        );
    matches.push({ sides, wins });
    return { tag: "match", match: matches.length - 1, score };
  };
  let round = scores.map((score, cls): Side => ({ tag: "class", cls, score }));
  for (const shape of cheapestRounds(scores.length, scores[0]!.length, style)) {
    const sides = round;
    let at = 0;
    round = shape.map((size) => {
      const playing = sides.slice(at, at + size);
      at += size;
      return size === 1 ? playing[0]! : play(playing, shape.length === 1);
    });
  }
  return { cells, matches };
}
