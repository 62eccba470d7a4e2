import { invariant } from "../../base/errors.js";

/** The most inputs that a look-up table of a `LutNetlist` may have: its truth table is two words. */
export const MAX_LUT_INPUTS = 6;

/**
 * An immutable network of look-up tables, a struct of arrays.
 *
 * Nodes: 0 is constant false, 1..inputs are the primary inputs, then the LUTs in topological order; LUT `l` is
 * node `1 + inputs + l`. LUTs read nodes, not literals: inverters are in the truth tables. Outputs are literals,
 * `2 * node + complement`: what reads an output takes up its inverter.
 */
export interface LutNetlist {
  /** Number of primary inputs. */
  readonly inputs: number;
  /** Inputs of LUT `l` are `fanin[start[l] .. start[l + 1]]`, lower nodes, ascending; 2 to 6 of them. */
  readonly start: Uint32Array;
  readonly fanin: Uint32Array;
  /**
   * Shape `[luts, 2]`: 64 bits, low word first. Bit `p` is the output for the pattern `p`, whose bit `i` is the
   * value of the LUT's input `i`; bits past `2^inputs` are 0.
   */
  readonly truth: Uint32Array;
  /** Shape `[outputs]`, literals. */
  readonly outputs: Uint32Array;
}

/** Look-up tables of two or more inputs; wires, inverters and constants cost none. */
export const lutCount = (luts: LutNetlist): number => luts.start.length - 1;

/** @throws {InvariantError} unless fanins are lower nodes in ascending order and the arrays agree in length. */
export function validateLutNetlist({ inputs, start, fanin, truth, outputs }: LutNetlist, k: number): void {
  const count = start.length - 1;
  invariant(truth.length === 2 * count, "a LUT netlist needs two truth words a LUT");
  invariant(start[0] === 0 && start[count] === fanin.length, "LUT fanins do not cover the array");
  for (let l = 0; l < count; l++) {
    const size = start[l + 1]! - start[l]!;
    invariant(size >= 2 && size <= k, `LUT ${l} has ${size} inputs`);
    for (let i = start[l]!; i < start[l + 1]!; i++) {
      invariant(fanin[i]! >= 1 && fanin[i]! <= inputs + l, `LUT ${l} reads a later node`);
      invariant(i === start[l]! || fanin[i - 1]! < fanin[i]!, `fanins of LUT ${l} are not in order`);
    }
  }
  for (const output of outputs) invariant(output >>> 1 <= inputs + count, "an output reads no node");
}

/** LUTs on the longest path to an output. */
export function lutDepth({ inputs, start, fanin, outputs }: LutNetlist): number {
  const level = new Uint32Array(inputs + start.length);
  for (let l = 0; l + 1 < start.length; l++) {
    let deepest = 0;
    for (let i = start[l]!; i < start[l + 1]!; i++) deepest = Math.max(deepest, level[fanin[i]!]!);
    level[1 + inputs + l] = deepest + 1;
  }
  return outputs.reduce((depth, literal) => Math.max(depth, level[literal >>> 1]!), 0);
}
