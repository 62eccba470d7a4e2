import { GateKind } from "../ir/gate-functions.js";
import { firstGate, type Netlist, nodeCount } from "../ir/netlist.js";

/** Low and high word of the truth table of input `i` among six. */
const VARIABLE: readonly (readonly [low: number, high: number])[] = [
  [0xaaaa_aaaa, 0xaaaa_aaaa],
  [0xcccc_cccc, 0xcccc_cccc],
  [0xf0f0_f0f0, 0xf0f0_f0f0],
  [0xff00_ff00, 0xff00_ff00],
  [0xffff_0000, 0xffff_0000],
  [0x0000_0000, 0xffff_ffff],
];

/** Truth tables of up to six inputs for cones of one netlist; reuses its arrays from call to call. */
export class ConeTruth {
  private readonly low: Uint32Array;
  private readonly high: Uint32Array;
  /** In which call a node was last computed. */
  private readonly stamp: Uint32Array;
  private call = 0;

  constructor(private readonly netlist: Netlist) {
    const nodes = nodeCount(netlist);
    this.low = new Uint32Array(nodes);
    this.high = new Uint32Array(nodes);
    this.stamp = new Uint32Array(nodes);
  }

  /**
   * The function of a gate over a cut.
   *
   * @param leaves nodes that cut every path from the gate to the inputs.
   * @param variables for each leaf the literal `2 * variable + complement`, variable 0 to 5, that stands on it;
   *   -1 and -2 are the constants false and true.
   * @returns 64 bits as in `LutNetlist.truth`, all of them set as if there were six variables.
   */
  of(root: number, leaves: ArrayLike<number>, variables: ArrayLike<number>): [low: number, high: number] {
    this.call++;
    this.set(0, 0, 0);
    for (let i = 0; i < leaves.length; i++) {
      const v = variables[i]!;
      const [low, high] = v < 0 ? [0, 0] : VARIABLE[v >>> 1]!;
      const flip = -(v < 0 ? -1 - v : v & 1);
      this.set(leaves[i]!, low ^ flip, high ^ flip);
    }
    this.compute(root);
    return [this.low[root]!, this.high[root]!];
  }

  private set(node: number, low: number, high: number): void {
    this.stamp[node] = this.call;
    this.low[node] = low;
    this.high[node] = high;
  }

  private compute(node: number): void {
    if (this.stamp[node] === this.call) return;
    const g = node - firstGate(this.netlist);
    const [f0, f1] = [this.netlist.fanin0[g]!, this.netlist.fanin1[g]!];
    const [a, b] = [f0 >>> 1, f1 >>> 1];
    this.compute(a);
    this.compute(b);
    const [flipA, flipB] = [-(f0 & 1), -(f1 & 1)];
    const [lowA, lowB] = [this.low[a]! ^ flipA, this.low[b]! ^ flipB];
    const [highA, highB] = [this.high[a]! ^ flipA, this.high[b]! ^ flipB];
    if (this.netlist.kind[g] === GateKind.And) this.set(node, lowA & lowB, highA & highB);
    else this.set(node, lowA ^ lowB, highA ^ highB);
  }
}

/** Which of six variables a function depends on, ascending. */
export function supportOf([low, high]: readonly [number, number]): number[] {
  return VARIABLE.map((_, v) => v).filter((v) => {
    if (v === 5) return low !== high;
    const [ones] = VARIABLE[v]!;
    const shift = 1 << v;
    return [low, high].some((word) => (((word & ones) >>> shift) ^ (word & ~ones)) !== 0);
  });
}
