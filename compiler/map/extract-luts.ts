import type { LutNetlist } from "../ir/lut-netlist.js";
import { firstGate, type Netlist, nodeCount } from "../ir/netlist.js";
import type { Cover } from "./cover.js";
import type { CutSets } from "./cut-sets.js";
import { ConeTruth, supportOf } from "./truth-table.js";

interface Lut {
  /** Nodes of the LUT netlist, ascending. */
  readonly fanins: readonly number[];
  readonly truth: readonly [low: number, high: number];
}

/**
 * The LUT netlist of a cover. Truth tables are computed here, once for each LUT: inputs that one does not depend on are
 * dropped, and what is a wire, an inverter or a constant becomes a literal instead of a LUT.
 */
export function extractLuts(netlist: Netlist, cuts: CutSets, cover: Cover): LutNetlist {
  const first = firstGate(netlist);
  const truths = new ConeTruth(netlist);
  /** Literal of the LUT netlist that each node became. */
  const literal = Uint32Array.from({ length: nodeCount(netlist) }, (_, n) => (n < first ? 2 * n : 0));
  const luts: Lut[] = [];
  for (let node = first; node < literal.length; node++) {
    if (cover.references[node] === 0) continue;
    const slot = cover.chosen[node]!;
    const leaves = cuts.leaf.subarray(slot * cuts.k, slot * cuts.k + cuts.size[slot]!);
    const fanins = [...new Set(Array.from(leaves, (leaf) => literal[leaf]! >>> 1))]
      .filter((n) => n !== 0)
      .sort((x, y) => x - y);
    const variables = Array.from(leaves, (leaf) => {
      const l = literal[leaf]!;
      return l < 2 ? -1 - l : 2 * fanins.indexOf(l >>> 1) + (l & 1);
    });
    const simple = simplify(fanins, truths.of(node, leaves, variables));
    if (typeof simple === "number") literal[node] = simple;
    else literal[node] = 2 * (netlist.inputs + luts.push(simple));
  }
  const outputs = Array.from(netlist.outputs, (output) => literal[output >>> 1]! ^ (output & 1));
  return pack(netlist.inputs, luts, outputs);
}

/** The function over the fanins that it depends on, or the literal that it is. */
function simplify(fanins: readonly number[], truth: [low: number, high: number]): Lut | number {
  const support = supportOf(truth);
  if (support.length === 0) return truth[0] & 1;
  if (support.length === 1) return 2 * fanins[support[0]!]! + (truth[0] & 1);
  return { fanins: support.map((v) => fanins[v]!), truth: compact(truth, support) };
}

/** Renumber the variables of a function to 0, 1, … and clear the bits past its patterns. */
function compact(truth: readonly [number, number], support: readonly number[]): [low: number, high: number] {
  const packed: [number, number] = [0, 0];
  for (let p = 0; p < 1 << support.length; p++) {
    const pattern = support.reduce((sum, v, i) => sum | (((p >> i) & 1) << v), 0);
    const bit = (truth[pattern >> 5]! >>> (pattern & 31)) & 1;
    packed[p >> 5]! |= bit << (p & 31);
  }
  return [packed[0] >>> 0, packed[1] >>> 0];
}

/** The arrays, of the LUTs that an output can see. */
function pack(inputs: number, luts: readonly Lut[], outputs: readonly number[]): LutNetlist {
  const used = new Uint8Array(1 + inputs + luts.length);
  for (const output of outputs) used[output >>> 1] = 1;
  for (let l = luts.length - 1; l >= 0; l--) {
    if (used[1 + inputs + l] === 1) for (const fanin of luts[l]!.fanins) used[fanin] = 1;
  }
  const moved = Uint32Array.from({ length: used.length }, (_, n) => n);
  let next = 1 + inputs;
  for (let n = next; n < used.length; n++) moved[n] = used[n] === 1 ? next++ : 0;
  const kept = luts.filter((_, l) => used[1 + inputs + l] === 1);
  const start = new Uint32Array(kept.length + 1);
  kept.forEach(({ fanins }, l) => {
    start[l + 1] = start[l]! + fanins.length;
  });
  return {
    inputs,
    start,
    fanin: Uint32Array.from(kept.flatMap(({ fanins }) => fanins.map((n) => moved[n]!))),
    truth: Uint32Array.from(kept.flatMap(({ truth }) => truth)),
    outputs: Uint32Array.from(outputs, (o) => 2 * moved[o >>> 1]! + (o & 1)),
  };
}
