import type { Netlist } from "../ir/netlist.js";
import { simulate } from "../simulate/bit-parallel.js";

/** What a cell's outputs have to be, for one value an input. */
export type CellSpecification = (inputs: readonly number[]) => readonly number[];

/** Whether a module computes what its specification says, on all input patterns. */
export function computes(cell: Netlist, specification: CellSpecification): boolean {
  const count = 2 ** cell.inputs;
  const words = Math.ceil(count / 32);
  const patterns = Array.from({ length: cell.inputs }, (_, i) => patternsOf(i, words));
  const found = simulate(cell, patterns, words);
  for (let p = 0; p < count; p++) {
    const expected = specification(patterns.map((_, i) => (p >>> i) & 1));
    for (let o = 0; o < found.length; o++)
      if (((found[o]![p >>> 5]! >>> (p & 31)) & 1) !== expected[o]) return false;
  }
  return true;
}

/** Bit `p` is bit `i` of the number `p`. */
function patternsOf(i: number, words: number): Uint32Array {
  const row = new Uint32Array(words);
  for (let p = 0; p < 32 * words; p++) row[p >>> 5]! |= ((p >>> i) & 1) << (p & 31);
  return row;
}

/** Outputs are the weighted sum of the inputs, column by column, in binary, as far as they go. */
export const counterSpecification =
  (heights: readonly number[], outputs: number): CellSpecification =>
  (inputs) => {
    let [sum, at] = [0, 0];
    heights.forEach((height, column) => {
      for (let j = 0; j < height; j++) sum += inputs[at++]! * 2 ** column;
    });
    return Array.from({ length: outputs }, (_, k) => Math.floor(sum / 2 ** k) % 2);
  };

/** Inputs: bits of a, bits of b, low bits first, and what the bits below say. */
export const comparisonSpecification =
  (bits: number): CellSpecification =>
  (inputs) => {
    const number = (from: number): number =>
      inputs.slice(from, from + bits).reduce((sum, bit, k) => sum + bit * 2 ** k, 0);
    const [a, b] = [number(0), number(bits)];
    return [a === b ? (inputs[2 * bits] ?? 0) : Number(b > a)];
  };

/** Inputs: the results of the match, then a bit of each side. */
export const choiceSpecification =
  (sides: number): CellSpecification =>
  (inputs) => {
    if (sides === 2) return [inputs[inputs[0] === 1 ? 2 : 1]!];
    const [secondOverFirst, lastOverFirst, lastOverSecond, ...bits] = inputs;
    const best = secondOverFirst === 1 ? 1 : 0;
    const last = best === 1 ? lastOverSecond : lastOverFirst;
    return [bits[last === 1 ? 2 : best]!];
  };
