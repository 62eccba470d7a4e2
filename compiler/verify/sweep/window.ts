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
/** Nodes below a leaf that are looked at for another leaf. */
const NEAR = 16;
const UNDECIDED: WindowResult = { tag: "undecided" };

/** Which of the two literals a leaf was reached from. */
const [LEFT, RIGHT, BOTH] = [1, 2, 3];

interface Cut {
  readonly leaves: readonly number[];
  /** Gates above it, of those that were expanded. */
  readonly gates: number;
}

/**
 * Compares two literals by exhaustive simulation of a window: starting from both, leaves give way to their fanins.
 * Literals that are equal over any cut are equal. Two are tried: one whose leaves were reached from both, since that is
 * what one has in the place of the other, and the deepest one with few enough leaves.
 */
export class WindowCheck {
  private readonly slot: Int32Array;
  /** Shape `[nodes]`: for leaves, from where they were reached. */
  private readonly from: Uint8Array;
  private readonly leaves: number[] = [];
  private readonly gates: number[] = [];
  private values = new Uint32Array(1024);

  constructor(private readonly graph: SweepGraph) {
    this.slot = new Int32Array(graph.literal.length);
    this.from = new Uint8Array(graph.literal.length);
  }

  /** @param a,b literals of gates that stayed or inputs; `b` may be constant. */
  compare(a: number, b: number, mostLeaves: number): WindowResult {
    this.start(a, b);
    const common = this.expandToCommon(mostLeaves);
    if (common !== null && this.firstDifference(a, b, this.simulate(common)) < 0) return { tag: "equal" };
    this.start(a, b);
    const deep = this.expand(mostLeaves);
    if (deep === null) return UNDECIDED;
    const at = this.firstDifference(a, b, this.simulate(deep));
    if (at < 0) return { tag: "equal" };
    if (deep.leaves.at(-1)! >= this.graph.first) return UNDECIDED;
    return {
      tag: "different",
      leaves: deep.leaves,
      ones: deep.leaves.filter((_, k) => ((at >>> k) & 1) === 1),
    };
  }

  private start(a: number, b: number): void {
    for (const leaf of this.leaves.splice(0)) this.from[leaf] = 0;
    this.gates.length = 0;
    this.insert(a >>> 1, LEFT);
    this.insert(b >>> 1, RIGHT);
  }

  /**
   * Every leaf that was reached from one side alone gives way to its fanins, the topologically last one first; but where it
   * lies below a leaf that was reached from both, that one does.
   */
  private expandToCommon(mostLeaves: number): Cut | null {
    const { leaves, gates, graph, from } = this;
    for (;;) {
      let last = leaves.length - 1;
      while (last >= 0 && from[leaves[last]!] === BOTH) last--;
      if (last < 0)
        return leaves.length <= mostLeaves ? { leaves: leaves.slice(), gates: gates.length } : null;
      if (gates.length >= MOST_GATES || leaves.length > mostLeaves + EXCESS) return null;
      let above = leaves.length - 1;
      while (above > last && !this.isNear(leaves[last]!, leaves[above]!)) above--;
      if (leaves[above]! < graph.first) return null;
      this.giveWay(above);
    }
  }

  /** Whether a node lies below another, and not far. */
  private isNear(node: number, above: number): boolean {
    const { graph } = this;
    const near = [above];
    for (const at of near) {
      if (at === node) return true;
      if (at < graph.first || near.length >= NEAR) continue;
      for (const fanin of [graph.fanin0[at]! >>> 1, graph.fanin1[at]! >>> 1])
        if (fanin >= node) near.push(fanin);
    }
    return false;
  }

  /** The deepest cut with at most so many leaves: the topologically last leaf gives way. */
  private expand(mostLeaves: number): Cut | null {
    const { leaves, gates, graph } = this;
    let best: Cut | null = null;
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
      this.giveWay(leaves.length - 1);
    }
  }

  private giveWay(at: number): void {
    const { graph, from } = this;
    const node = this.leaves.splice(at, 1)[0]!;
    const side = from[node]!;
    from[node] = 0;
    this.gates.push(node);
    this.insert(graph.fanin0[node]! >>> 1, side);
    this.insert(graph.fanin1[node]! >>> 1, side);
  }

  /** By how many the leaves become more when this one gives way to its fanins. */
  private growth(node: number): number {
    const { leaves, graph } = this;
    const known = (fanin: number): number => (leaves.includes(fanin >>> 1) ? 0 : 1);
    return known(graph.fanin0[node]!) + known(graph.fanin1[node]!) - 1;
  }

  /** Leaves are ascending, without doubles and without the constant. */
  private insert(node: number, side: number): void {
    const { leaves, from } = this;
    if (node === 0) return;
    if (from[node] === 0) {
      let at = leaves.length;
      while (at > 0 && leaves[at - 1]! > node) at--;
      leaves.splice(at, 0, node);
    }
    from[node]! |= side;
  }

  /** Evaluate the gates above the cut on all patterns of its leaves; gives the words per node. */
  private simulate(cut: Cut): number {
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
    const ascending = this.gates.slice(0, cut.gates).sort((p, q) => p - q);
    for (const node of ascending) {
      const [f0, f1] = [graph.fanin0[node]!, graph.fanin1[node]!];
      const [a, b] = [slot[f0 >>> 1]!, slot[f1 >>> 1]!];
      const [flipA, flipB] = [-(f0 & 1), -(f1 & 1)];
      if (graph.isXor[node] === 1)
        for (let w = 0; w < words; w++) values[to + w] = values[a + w]! ^ values[b + w]! ^ flipA ^ flipB;
      else
        for (let w = 0; w < words; w++) values[to + w] = (values[a + w]! ^ flipA) & (values[b + w]! ^ flipB);
      slot[node] = to;
      to += words;
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
