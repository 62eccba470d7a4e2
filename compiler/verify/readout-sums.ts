import type { Literal } from "../ir/literal.js";
import type { Readout } from "../ir/readout.js";
import type { CounterCell } from "../map/readout-circuit.js";

/** `constant + Σ coefficient · net`, modulo some power of two. */
export interface LinearSum {
  constant: number;
  readonly coefficients: Map<number, number>;
}

/** Non-negative remainder. */
export const modulo = (value: number, modulus: number): number => ((value % modulus) + modulus) % modulus;

/** Counters so that each comes after those that it reads; null for a loop. */
export function topological(cells: readonly CounterCell[]): CounterCell[] | null {
  const driver = new Map<number, number>();
  for (const [k, { outputs }] of cells.entries()) for (const net of outputs) driver.set(net, k);
  const state = new Uint8Array(cells.length);
  const order: CounterCell[] = [];
  for (let root = 0; root < cells.length; root++) {
    const stack = [root];
    while (stack.length > 0) {
      const k = stack.at(-1)!;
      if (state[k] === 2) {
        stack.pop();
        continue;
      }
      const needed = cells[k]!.inputs.flat()
        .flatMap((literal) => driver.get(literal >>> 1) ?? [])
        .filter((d) => state[d] !== 2);
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

/**
 * A score as a sum over votes, modulo `2^score.length`. Going back through the counters, the outputs of each one must
 * carry weights w, 2w, 4w, …: then they stand for w times the weighted sum of its inputs. A counter that loses carries
 * must have its first lost one at a multiple of the modulus.
 *
 * @returns what is wrong, if the score is no such sum.
 */
export function sumOf(score: readonly Literal[], order: readonly CounterCell[]): LinearSum | string {
  const modulus = 2 ** score.length;
  const sum: LinearSum = { constant: 0, coefficients: new Map() };
  score.forEach((literal, k) => {
    addTerm(sum, literal, 2 ** k, modulus);
  });
  for (let k = order.length - 1; k >= 0; k--) {
    const { inputs, outputs } = order[k]!;
    const weights = outputs.map((net) => sum.coefficients.get(net) ?? 0);
    if (weights.every((w) => w === 0)) continue;
    const weight = weights[0]!;
    const wrong = weights.findIndex((w, i) => w !== modulo(weight * 2 ** i, modulus));
    if (wrong >= 0) return `output ${wrong} of a counter counts ${weights[wrong]} and output 0 ${weight}`;
    const most = inputs.reduce((n, bits, i) => n + bits.length * 2 ** i, 0);
    if (most >= 2 ** outputs.length && modulo(weight * 2 ** outputs.length, modulus) !== 0)
      return "a counter loses a carry that counts";
    for (const net of outputs) sum.coefficients.delete(net);
    inputs.forEach((bits, i) => {
      for (const literal of bits) addTerm(sum, literal, weight * 2 ** i, modulus);
    });
  }
  return sum;
}

function addTerm(sum: LinearSum, literal: Literal, weight: number, modulus: number): void {
  const net = literal >>> 1;
  const complemented = (literal & 1) === 1;
  if (complemented) sum.constant = modulo(sum.constant + weight, modulus);
  if (net === 0) return;
  const coefficient = (sum.coefficients.get(net) ?? 0) + (complemented ? -weight : weight);
  sum.coefficients.set(net, modulo(coefficient, modulus));
}

/** Why a sum is not that of a class, but for the constant; null when it is. */
export function compareSum(
  { coefficients }: LinearSum,
  votes: number,
  modulus: number,
  readout: Readout,
  cls: number,
): string | null {
  const expected = new Map<number, number>();
  for (let t = readout.start[cls]!; t < readout.start[cls + 1]!; t++) {
    const net = 1 + readout.vote[t]!;
    expected.set(net, (expected.get(net) ?? 0) + readout.weight[t]!);
  }
  for (const net of new Set([...coefficients.keys(), ...expected.keys()])) {
    const [found, wanted] = [coefficients.get(net) ?? 0, modulo(expected.get(net) ?? 0, modulus)];
    if (net > votes && found !== 0) return "it adds up a net that is no vote";
    if (found !== wanted) return `vote ${net - 1} counts ${found} instead of ${wanted}, modulo ${modulus}`;
  }
  return null;
}
