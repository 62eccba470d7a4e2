import { type Literal, literalOf, notIf, TRUE } from "../ir/literal.js";
import type { Readout } from "../ir/readout.js";
import type { Absorbable, Chain, ReadoutStyle } from "./counter.js";
import { type Column, CounterArray } from "./counter-array.js";
import { holdTournament } from "./tournament.js";

/**
 * A readout as hardware: nets are numbered, a literal is `2 * net + complement`; net 0 is constant false, nets
 * `1..votes` are the votes, the others are outputs of cells.
 */
export interface ReadoutCircuit {
  readonly votes: number;
  /** Counters add the votes up to a score a class; the others play the matches. In topological order. */
  readonly cells: readonly ReadoutCell[];
  /** The tournament, every match after those that it reads; the last one decides. */
  readonly matches: readonly Match[];
}

export type ReadoutCell = CounterCell | Comparison | Choice;

/** `Σ 2^i · inputs[i][…] = Σ 2^i · outputs[i]` modulo `2^outputs.length`. */
export interface CounterCell {
  readonly tag: "counter";
  readonly chain: Chain | null;
  /** Column by column. */
  readonly inputs: readonly (readonly Literal[])[];
  readonly outputs: readonly number[];
}

/**
 * Whether `b > a` as far as these bits go, low bits first; where they are equal, what `below` says of the bits below,
 * or false without it.
 */
export interface Comparison {
  readonly tag: "comparison";
  readonly a: readonly Literal[];
  readonly b: readonly Literal[];
  readonly below: Literal | null;
  readonly higher: number;
}

/** One bit of the winner's score among those of two or three sides; `wins` as in `Match`. */
export interface Choice {
  readonly tag: "choice";
  readonly wins: readonly Literal[];
  readonly sides: readonly Literal[];
  readonly winner: number;
}

/** What a cell reads. */
export function cellInputs(cell: ReadoutCell): readonly Literal[] {
  if (cell.tag === "counter") return cell.inputs.flat();
  if (cell.tag === "choice") return [...cell.wins, ...cell.sides];
  return [...cell.a, ...cell.b, ...(cell.below === null ? [] : [cell.below])];
}

/** The nets that a cell drives. */
export function cellOutputs(cell: ReadoutCell): readonly number[] {
  if (cell.tag === "counter") return cell.outputs;
  return [cell.tag === "choice" ? cell.winner : cell.higher];
}

/**
 * A match of two or three sides: a later side wins only with a higher score, so the lowest class index wins ties.
 */
export interface Match {
  readonly sides: readonly Side[];
  /** Whether side 1 beats side 0; with three sides also 2 against 0 and 2 against 1. */
  readonly wins: readonly Literal[];
}

/** A class, or the winner of an earlier match. */
export type Side =
  | { readonly tag: "class"; readonly cls: number; readonly score: readonly Literal[] }
  | { readonly tag: "match"; readonly match: number; readonly score: readonly Literal[] };

/** Hands out nets. */
export class Nets {
  constructor(private next: number) {}
  fresh(): number {
    return this.next++;
  }
}

/** Of each vote whether the LUTs that count it can take in its gates, and as what. */
export type VoteKinds = readonly (Absorbable | "wire")[];

/**
 * Popcounts of counter cells, then a tournament. A negative weight counts the vote's complement, and what all classes
 * have in common is left out: `argmax` does not see it.
 *
 * @param kinds where gates and popcounts are mapped together; a vote that is counted once may be taken in. Such a circuit is
 *   for a mapper: counters of equal heights may differ in structure, so it has no Verilog.
 */
export function buildReadout(readout: Readout, style: ReadoutStyle, kinds: VoteKinds = []): ReadoutCircuit {
  const votes = voteCount(readout.vote);
  const nets = new Nets(1 + votes);
  const counting = new CounterArray(style, nets);
  const columns = columnsOf(readout);
  const width = scoreWidth(columns);
  const scores = columns.map((bits) =>
    counting.add(
      bits.map((column) => sorted(column, kinds)),
      width,
    ),
  );
  const { cells, matches } = holdTournament(scores, style, nets);
  return { votes, cells: [...counting.cells, ...cells], matches };
}

/** The bits of a column, those that may be taken in apart. */
function sorted(literals: readonly Literal[], kinds: VoteKinds): Column {
  const kindOf = (literal: Literal): VoteKinds[number] => kinds[(literal >>> 1) - 1] ?? "wire";
  const of = (kind: VoteKinds[number]): Literal[] => literals.filter((literal) => kindOf(literal) === kind);
  return { wires: of("wire"), wide: of("wide"), narrow: of("narrow") };
}

/** Votes that a readout reads, by their numbers. */
export const voteCount = (vote: Uint32Array): number => 1 + vote.reduce((top, v) => Math.max(top, v), 0);

/** Bits that hold the highest score of any class. */
const scoreWidth = (columns: readonly (readonly Literal[][])[]): number =>
  Math.max(
    1,
    ...columns.map((bits) => {
      const highest = bits.reduce((sum, column, k) => sum + column.length * 2 ** k, 0);
      return Math.ceil(Math.log2(highest + 1));
    }),
  );

/** What every class adds up, by column: literals of weight 1, 2, 4, … */
function columnsOf({ classNames, offset, start, vote, weight }: Readout): Literal[][][] {
  const terms = classNames.map((_, c) =>
    Array.from({ length: start[c + 1]! - start[c]! }, (_, i) => ({
      vote: vote[start[c]! + i]!,
      weight: weight[start[c]! + i]!,
    })),
  );
  const constants = terms.map(
    (row, c) => offset[c]! + row.reduce((sum, { weight: w }) => sum + Math.min(0, w), 0),
  );
  const common = Math.min(...constants);
  return terms.map((row, c) => {
    const columns: Literal[][] = [];
    const put = (literal: Literal, amount: number): void => {
      for (let k = 0; 2 ** k <= amount; k++) {
        columns[k] ??= [];
        if (Math.floor(amount / 2 ** k) % 2 === 1) columns[k]!.push(literal);
      }
    };
    for (const term of row) put(notIf(literalOf(1 + term.vote), term.weight < 0), Math.abs(term.weight));
    put(TRUE, constants[c]! - common);
    return columns;
  });
}
