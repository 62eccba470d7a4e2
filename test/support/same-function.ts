import { Random } from "../../base/random.js";
import type { Netlist } from "../../compiler/ir/netlist.js";
import { simulate } from "../../compiler/simulate/bit-parallel.js";

/** All patterns of a few inputs, shape `[inputs][words]`: bit `v` of word `w` is pattern `32 w + v`. */
export function allPatterns(inputs: number): Uint32Array[] {
  const patterns = 2 ** inputs;
  return Array.from({ length: inputs }, (_, i) => {
    const row = new Uint32Array(Math.ceil(patterns / 32));
    for (let p = 0; p < patterns; p++) if ((p >>> i) & 1) row[p >>> 5]! |= 1 << (p & 31);
    return row;
  });
}

/** Whether two netlists of at most 16 inputs agree on every pattern. */
export function sameFunction(a: Netlist, b: Netlist): boolean {
  if (a.inputs !== b.inputs || a.outputs.length !== b.outputs.length || a.inputs > 16) return false;
  const patterns = allPatterns(a.inputs);
  const words = Math.max(1, Math.ceil(2 ** a.inputs / 32));
  const mask = a.inputs < 5 ? 2 ** (2 ** a.inputs) - 1 : 0xffff_ffff;
  const [left, right] = [simulate(a, patterns, words), simulate(b, patterns, words)];
  return left.every((row, o) => row.every((word, w) => ((word ^ right[o]![w]!) & mask) === 0));
}

/** Whether two netlists agree on 2,048 random patterns. */
export function equalOnRandom(a: Netlist, b: Netlist, seed: number): boolean {
  const random = new Random(seed);
  const patterns = Array.from({ length: a.inputs }, () =>
    Uint32Array.from({ length: 64 }, () => random.uint32()),
  );
  const [left, right] = [simulate(a, patterns, 64), simulate(b, patterns, 64)];
  return left.every((row, o) => row.every((word, w) => word === right[o]![w]));
}
