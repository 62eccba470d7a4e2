import type { SweepGraph } from "./graph.js";

/** What simulating a window on all its patterns says about two literals. */
export type WindowResult =
  | { readonly tag: "equal" }
  /** They differ when these primary inputs (node numbers) are 1 and the other leaves 0. */
  | { readonly tag: "different"; readonly ones: readonly number[]; readonly leaves: readonly number[] }
  /** They differ for values of the leaves that may never occur. */
  | { readonly tag: "undecided" };

/** Values of the first five leaves in one word. */
const VARIABLES = [0xaaaa_aaaa, 0xcccc_cccc, 0xf0f0_f0f0, 0xff00_ff00, 0xffff_0000];
/** The expansion stops when there are so many more leaves than are wanted, or gates. */
const EXCESS = 6;
const MOST_GATES = 200;
const UNDECIDED: WindowResult = { tag: "undecided" };

/**
 * Compares two literals by exhaustive simulation of a window: starting from both, the topologically last leaf gives way
 * to its fanins, and the deepest cut with few enough leaves is simulated on all its patterns. Literals that are equal
 * over any cut are equal.
 */
export class WindowCheck {
  private readonly slot: Int32Array;
  private readonly leaves: number[] = [];
  private readonly gates: number[] = [];
  private values = new Uint32Array(1024);

  constructor(private readonly graph: SweepGraph) {
    this.slot = new Int32Array(graph.literal.length);
  }

  /** @param a,b literals of gates that stayed or inputs; `b` may be constant. */
  compare(a: number, b: number, mostLeaves: number): WindowResult {
    const depth = this.expand(a >>> 1, b >>> 1, mostLeaves);
    if (depth === null) return UNDECIDED;
    const words = this.simulate(depth);
    const at = this.firstDifference(a, b, words);
    if (at < 0) return { tag: "equal" };
    if (depth.leaves.at(-1)! >= this.graph.first) return UNDECIDED;
    return {
      tag: "different",
      leaves: depth.leaves,
      ones: depth.leaves.filter((_, k) => ((at >>> k) & 1) === 1),
    };
  }

  /** The deepest cut with at most so many leaves, and how many gates lie above it. */
  private expand(a: number, b: number, mostLeaves: number): { leaves: number[]; gates: number } | null {
    const { leaves, gates, graph } = this;
    leaves.length = 0;
    gates.length = 0;
    this.insert(a);
    this.insert(b);
    let best: { leaves: number[]; gates: number } | null = null;
    for (;;) {
      const last = leaves.at(-1)!;
      const expandable = last >= graph.first && gates.length < MOST_GATES;
      const next = expandable ? this.growth(last) : 1;
      // Deeper is never worse, so a cut is kept only when the next one may have too many leaves.
      if (leaves.length <= mostLeaves && leaves.length + next > mostLeaves)
        best = { leaves: leaves.slice(), gates: gates.length };
      if (!expandable) {
        if (leaves.length <= mostLeaves) best = { leaves: leaves.slice(), gates: gates.length };
        return best;
      }
      if (leaves.length > mostLeaves + EXCESS) return best;
      leaves.pop();
      gates.push(last);
      this.insert(graph.fanin0[last]! >>> 1);
      this.insert(graph.fanin1[last]! >>> 1);
    }
  }

  /** By how many the leaves become more when this one gives way to its fanins. */
  private growth(node: number): number {
    const { leaves, graph } = this;
    const known = (fanin: number): number => (leaves.includes(fanin >>> 1) ? 0 : 1);
    return known(graph.fanin0[node]!) + known(graph.fanin1[node]!) - 1;
  }

  /** Leaves are ascending, without doubles and without the constant. */
  private insert(node: number): void {
    const { leaves } = this;
    if (node === 0) return;
    let at = leaves.length;
    while (at > 0 && leaves[at - 1]! > node) at--;
    if (at > 0 && leaves[at - 1] === node) return;
    leaves.splice(at, 0, node);
  }

  /** Evaluate the gates above the cut on all patterns of its leaves; gives the words per node. */
  private simulate(cut: { leaves: readonly number[]; gates: number }): number {
    const { graph, slot } = this;
    const count = cut.leaves.length;
    const words = count <= 5 ? 1 : 2 ** (count - 5);
    const slots = 1 + count + cut.gates;
    if (this.values.length < slots * words) this.values = new Uint32Array(2 * slots * words);
    const { values } = this;
    values.fill(0, 0, words);
    slot[0] = 0;
    cut.leaves.forEach((leaf, k) => {
      slot[leaf] = (1 + k) * words;
      for (let w = 0; w < words; w++)
        values[(1 + k) * words + w] = k < 5 ? VARIABLES[k]! : -((w >>> (k - 5)) & 1);
    });
    let to = (1 + count) * words;
    // They were pushed in descending order.
    for (let g = cut.gates - 1; g >= 0; g--, to += words) {
      const node = this.gates[g]!;
      const [f0, f1] = [graph.fanin0[node]!, graph.fanin1[node]!];
      const [a, b] = [slot[f0 >>> 1]!, slot[f1 >>> 1]!];
      const [flipA, flipB] = [-(f0 & 1), -(f1 & 1)];
      if (graph.isXor[node] === 1)
        for (let w = 0; w < words; w++) values[to + w] = values[a + w]! ^ values[b + w]! ^ flipA ^ flipB;
      else
        for (let w = 0; w < words; w++) values[to + w] = (values[a + w]! ^ flipA) & (values[b + w]! ^ flipB);
      slot[node] = to;
    }
    return words;
  }

  /** The first pattern on which the literals differ, or -1. Patterns repeat when there are fewer than five leaves. */
  private firstDifference(a: number, b: number, words: number): number {
    const [x, y] = [this.slot[a >>> 1]!, this.slot[b >>> 1]!];
    const flip = -((a ^ b) & 1);
    for (let w = 0; w < words; w++) {
      const different = this.values[x + w]! ^ this.values[y + w]! ^ flip;
      if (different !== 0) return 32 * w + (31 - Math.clz32(different & -different));
    }
    return -1;
  }
}
