import type { Random } from "../../../base/random.js";
import type { EditableNetlist } from "../../ir/editable-netlist.js";
import { GateKind } from "../../ir/gate-functions.js";

/** Words of random patterns, and at most as many of data patterns. */
const PATTERN_WORDS = 32;
/** Words of counterexamples; when they are full the oldest is overwritten. */
const REFUTING_WORDS = 32;

/** The value of every node under random patterns, data patterns and counterexamples, 32 to a word. */
export class NodeValues {
  readonly words: number;
  /** Shape `[nodes, words]`, row-major; grows with the netlist. */
  values: Uint32Array;
  private readonly scratch: Uint32Array;
  private refuting = 0;
  private readonly base: number;

  /** @param patterns shape `[inputs][any words]`; the first ones are used. */
  constructor(
    private readonly netlist: EditableNetlist,
    patterns: readonly Uint32Array[],
    private readonly random: Random,
  ) {
    const data = Math.min(PATTERN_WORDS, patterns[0]?.length ?? 0);
    this.base = PATTERN_WORDS + data;
    this.words = this.base + REFUTING_WORDS;
    this.values = new Uint32Array(2 * netlist.nodes * this.words);
    this.scratch = new Uint32Array(this.words);
    for (let i = 0; i < netlist.inputs; i++) {
      const row = this.row(1 + i);
      for (let w = 0; w < this.words; w++) {
        row[w] = w >= PATTERN_WORDS && w < this.base ? patterns[i]![w - PATTERN_WORDS]! : random.uint32();
      }
    }
    for (const node of netlist.topological()) this.evaluate(node, this.values);
  }

  row(node: number): Uint32Array {
    return this.values.subarray(node * this.words, (node + 1) * this.words);
  }

  /** Compute a gate anew. @returns whether it changed. */
  update(node: number): boolean {
    if ((node + 1) * this.words > this.values.length) {
      const grown = new Uint32Array(2 * this.values.length);
      grown.set(this.values);
      this.values = grown;
    }
    const row = this.row(node);
    this.evaluate(node, this.scratch);
    const changed = this.scratch.some((word, w) => word !== row[w]);
    row.set(this.scratch);
    return changed;
  }

  /** Compute anew what depends on the gates given, as far as anything changes. */
  updateFrom(gates: readonly number[]): void {
    const { netlist } = this;
    const waiting = new Set(gates);
    while (waiting.size > 0) {
      let next = -1;
      for (const node of waiting) if (next < 0 || netlist.level[node]! < netlist.level[next]!) next = node;
      waiting.delete(next);
      if (netlist.isAlive(next) && this.update(next))
        for (const reader of netlist.fanouts[next]!) waiting.add(reader);
    }
  }

  /** Add one input assignment and 31 neighbours, each with one of the inputs `near` turned over. */
  addCounterexample(inputs: Uint8Array, near: readonly number[]): void {
    const at = this.base + (this.refuting++ % REFUTING_WORDS);
    for (let i = 0; i < inputs.length; i++)
      this.values[(1 + i) * this.words + at] = inputs[i] === 1 ? 0xffff_ffff : 0;
    if (near.length > 0) {
      for (let bit = 1; bit < 32; bit++) {
        const input = near[this.random.below(near.length)]!;
        this.values[(1 + input) * this.words + at]! ^= 1 << bit;
      }
    }
    for (const node of this.netlist.topological()) this.evaluate(node, this.values, at, at + 1);
  }

  /** Words `[from, to)` of a gate, into the same places of `target` (all values, or one row). */
  private evaluate(node: number, target: Uint32Array, from = 0, to = this.words): void {
    const { words, values } = this;
    const f0 = this.netlist.fanin0[node]!;
    const f1 = this.netlist.fanin1[node]!;
    const [a, b] = [(f0 >>> 1) * words, (f1 >>> 1) * words];
    const [flipA, flipB] = [-(f0 & 1), -(f1 & 1)];
    const base = target === values ? node * words : 0;
    if (this.netlist.kind[node] === GateKind.And) {
      for (let w = from; w < to; w++) target[base + w] = (values[a + w]! ^ flipA) & (values[b + w]! ^ flipB);
    } else {
      for (let w = from; w < to; w++) target[base + w] = values[a + w]! ^ values[b + w]! ^ flipA ^ flipB;
    }
  }
}
