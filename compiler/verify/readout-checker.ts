import { FALSE, type Literal, TRUE } from "../ir/literal.js";
import type { Netlist } from "../ir/netlist.js";
import { HASHING, NetlistBuilder } from "../ir/netlist-builder.js";
import type { Readout } from "../ir/readout.js";
import type { AdderCell, Contestant, ReadoutCircuit } from "../map/readout-circuit.js";
import { simulate } from "../simulate/bit-parallel.js";

/**
 * The readout proved by parts (DESIGN: Trust, 5): a whole miter of two popcounts does not finish. Shares only data
 * types with what builds and emits readouts.
 *
 * @returns why the circuit is not the readout, or null when it is.
 */
export function checkReadout(circuit: ReadoutCircuit, readout: Readout): string | null {
  const leaves = leavesOf(circuit);
  if (typeof leaves === "string") return leaves;
  const classes = readout.classNames.length;
  if (leaves.length !== classes)
    return `expected ${classes} classes in the tournament but found ${leaves.length}`;
  const order = topological(circuit.cells);
  if (order === null) return "adder cells depend on each other in a loop";
  let common: number | undefined;
  for (let cls = 0; cls < classes; cls++) {
    if (leaves[cls]!.cls !== cls)
      return `expected class ${cls} at place ${cls} of the tournament but found ${leaves[cls]!.cls}`;
    const sum = sumOf(leaves[cls]!.score, order);
    if (typeof sum === "string") return `class ${cls}: ${sum}`;
    const wrong = compareSum(sum, circuit.votes, readout, cls);
    if (wrong !== null) return `class ${cls}: ${wrong}`;
    const offset = sum.constant - readout.offset[cls]!;
    common ??= offset;
    if (offset !== common) return `class ${cls}: its score is off by ${offset - common} against class 0`;
  }
  return null;
}

interface Leaf {
  readonly score: readonly Literal[];
  readonly cls: number;
}

/** The contestants from left to right, each match used once; or what is wrong with the tournament. */
function leavesOf({ matches, winner }: ReadoutCircuit): Leaf[] | string {
  const byIndex = new Map(matches.map((match, m) => [match.winner.index.join(), m]));
  const used = new Set<number>();
  const leaves: Leaf[] = [];
  const walk = (side: Contestant, last: boolean): string | null => {
    const m = byIndex.get(side.index.join());
    if (m === undefined) {
      if (!side.index.every((bit) => bit === FALSE || bit === TRUE))
        return "a match gets an index that is no class and no winner";
      leaves.push({
        score: side.score,
        cls: side.index.reduce<number>((sum, bit, k) => sum + (bit === TRUE ? 2 ** k : 0), 0),
      });
      return null;
    }
    if (used.has(m)) return "a winner goes on twice";
    used.add(m);
    const match = matches[m]!;
    if (!last && match.winner.score.join() !== side.score.join())
      return "a winner goes on with another score";
    return walk(match.a, false) ?? walk(match.b, false);
  };
  return walk({ score: [], index: winner }, true) ?? leaves;
}

/** Cells so that each comes after those that it reads; null for a loop. */
function topological(cells: readonly AdderCell[]): AdderCell[] | null {
  const driver = new Map<number, number>();
  for (const [k, { sum, carry }] of cells.entries()) driver.set(sum, k).set(carry, k);
  const state = new Uint8Array(cells.length);
  const order: AdderCell[] = [];
  for (let root = 0; root < cells.length; root++) {
    const stack = [root];
    while (stack.length > 0) {
      const k = stack.at(-1)!;
      if (state[k] === 2) {
        stack.pop();
        continue;
      }
      const needed = cells[k]!.inputs.flatMap((literal) => driver.get(literal >>> 1) ?? []).filter(
        (d) => state[d] !== 2,
      );
      if (needed.length === 0) {
        state[k] = 2;
        order.push(cells[k]!);
        stack.pop();
      } else if (state[k] === 1) return null;
      else {
        state[k] = 1;
        stack.push(...needed);
      }
    }
  }
  return order;
}

/** `constant + Σ coefficient · net`. */
interface LinearSum {
  constant: number;
  readonly coefficients: Map<number, number>;
}

/**
 * A score as a sum over votes. Going back through the cells, the outputs of each one must carry weights w and 2w:
 * then they stand for w times the sum of its inputs.
 */
function sumOf(score: readonly Literal[], order: readonly AdderCell[]): LinearSum | string {
  const sum: LinearSum = { constant: 0, coefficients: new Map() };
  score.forEach((literal, k) => {
    addTerm(sum, literal, 2 ** k);
  });
  for (let k = order.length - 1; k >= 0; k--) {
    const cell = order[k]!;
    const weight = sum.coefficients.get(cell.sum) ?? 0;
    const carried = sum.coefficients.get(cell.carry) ?? 0;
    if (weight === 0 && carried === 0) continue;
    if (carried !== 2 * weight) return `an adder cell's sum counts ${weight} and its carry ${carried}`;
    sum.coefficients.delete(cell.sum);
    sum.coefficients.delete(cell.carry);
    for (const literal of cell.inputs) addTerm(sum, literal, weight);
  }
  return sum;
}

function addTerm(sum: LinearSum, literal: Literal, weight: number): void {
  const net = literal >>> 1;
  const complemented = (literal & 1) === 1;
  if (complemented) sum.constant += weight;
  if (net !== 0)
    sum.coefficients.set(net, (sum.coefficients.get(net) ?? 0) + (complemented ? -weight : weight));
}

function compareSum(
  { coefficients }: LinearSum,
  votes: number,
  readout: Readout,
  cls: number,
): string | null {
  const expected = new Map<number, number>();
  for (let t = readout.start[cls]!; t < readout.start[cls + 1]!; t++) {
    const net = 1 + readout.vote[t]!;
    expected.set(net, (expected.get(net) ?? 0) + readout.weight[t]!);
  }
  for (const net of new Set([...coefficients.keys(), ...expected.keys()])) {
    if (net > votes) return "it adds up a net that is no vote";
    const [found, wanted] = [coefficients.get(net) ?? 0, expected.get(net) ?? 0];
    if (found !== wanted) return `vote ${net - 1} counts ${found} instead of ${wanted}`;
  }
  return null;
}

/** Whether a module of inputs a, b (and c) and outputs sum, carry adds them up: all patterns are tried. */
export function isAdderCell(cell: Netlist): boolean {
  const patterns = Array.from({ length: cell.inputs }, (_, i) =>
    Uint32Array.of(
      Array.from({ length: 2 ** cell.inputs }, (_, p) => ((p >> i) & 1) << p).reduce((a, b) => a | b),
    ),
  );
  const [sum, carry] = simulate(cell, patterns, 1);
  for (let p = 0; p < 2 ** cell.inputs; p++) {
    const ones = patterns.reduce((n, row) => n + ((row[0]! >> p) & 1), 0);
    if (((sum![0]! >> p) & 1) + 2 * ((carry![0]! >> p) & 1) !== ones) return false;
  }
  return true;
}

/**
 * What a match has to do, built bit by bit from the top: b wins where, at the highest bit in which the scores
 * differ, b has the 1. Inputs: score a, index a, score b, index b; outputs: the winner's score (but for the last
 * match) and index.
 */
export function matchSpecification(score: number, index: number, last: boolean): Netlist {
  const builder = new NetlistBuilder(2 * (score + index), HASHING);
  const side = (from: number): { score: Literal[]; index: Literal[] } => ({
    score: Array.from({ length: score }, (_, k) => builder.input(from + k)),
    index: Array.from({ length: index }, (_, k) => builder.input(from + score + k)),
  });
  const [a, b] = [side(0), side(score + index)];
  let wins: Literal = FALSE;
  // From the lowest bit: a difference higher up overrules what was found below.
  for (let k = 0; k < score; k++)
    wins = builder.mux(builder.xor(a.score[k]!, b.score[k]!), b.score[k]!, wins);
  const chosen = (x: readonly Literal[], y: readonly Literal[]): Literal[] =>
    x.map((bit, k) => builder.mux(wins, y[k]!, bit));
  return builder.finish([...(last ? [] : chosen(a.score, b.score)), ...chosen(a.index, b.index)]);
}
