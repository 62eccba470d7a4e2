import { firstGate, type Netlist, nodeCount } from "../ir/netlist.js";

/** Cuts kept of a node. */
const CUTS = 5;

/** In which stage every node is there, and how long after the registers at the stage's beginning. */
export interface Schedule {
  /** Shape `[nodes]`. */
  readonly stage: Uint16Array;
  /** Shape `[nodes]`, nanoseconds. */
  readonly time: Float64Array;
}

export interface ScheduleOptions {
  /** Inputs of a LUT. */
  readonly k: number;
  /** Delay of a LUT. */
  readonly level: number;
  /** The longest path between registers; not less than `level`. */
  readonly period: number;
}

/**
 * Put every gate into the earliest stage in which it is there in time, counted in LUTs of `k` inputs: its time is the
 * least over its cuts (Cong and Ding, "FlowMap", IEEE TCAD 1994, over a few cuts of each gate), and a cut does not
 * reach across registers.
 *
 * @param inputs shape `[inputs]`: when each input is there in stage 0.
 */
export function scheduleGates(
  netlist: Netlist,
  inputs: ArrayLike<number>,
  { k, level, period }: ScheduleOptions,
): Schedule {
  const stage = new Uint16Array(nodeCount(netlist));
  const time = new Float64Array(nodeCount(netlist));
  for (let i = 0; i < netlist.inputs; i++) time[1 + i] = inputs[i]!;
  /** Cuts of each gate within its stage; `time` is that of its latest leaf. */
  const cuts: Cut[][] = Array.from({ length: firstGate(netlist) }, () => []);
  for (let g = 0; g < netlist.kind.length; g++) {
    const node = firstGate(netlist) + g;
    const fanins = [netlist.fanin0[g]! >>> 1, netlist.fanin1[g]! >>> 1] as const;
    let own = Math.max(stage[fanins[0]]!, stage[fanins[1]]!);
    let best = mergedCuts(fanins, own, stage, time, cuts, k);
    if (best[0]!.time + level > period) {
      own++;
      best = mergedCuts(fanins, own, stage, time, cuts, k);
    }
    stage[node] = own;
    time[node] = best[0]!.time + level;
    cuts.push(best);
  }
  return { stage, time };
}

interface Cut {
  /** Ascending nodes. */
  readonly leaves: readonly number[];
  readonly time: number;
}

/** The fastest cuts of a gate in stage `own`: pairs of cuts of its fanins, those of earlier stages from registers. */
function mergedCuts(
  fanins: readonly [number, number],
  own: number,
  stage: Uint16Array,
  time: Float64Array,
  cuts: readonly (readonly Cut[])[],
  k: number,
): Cut[] {
  const cutsOf = (fanin: number): Cut[] => {
    if (fanin === 0) return [{ leaves: [], time: 0 }];
    const here = stage[fanin] === own;
    const itself = { leaves: [fanin], time: here ? time[fanin]! : 0 };
    return here ? [...cuts[fanin]!, itself] : [itself];
  };
  const found: Cut[] = [];
  const second = cutsOf(fanins[1]);
  for (const a of cutsOf(fanins[0])) {
    for (const b of second) {
      const leaves = union(a.leaves, b.leaves, k);
      if (leaves !== null) found.push({ leaves, time: Math.max(a.time, b.time) });
    }
  }
  found.sort((x, y) => x.time - y.time || x.leaves.length - y.leaves.length);
  return found.slice(0, CUTS);
}

/** Null if there are more than `k`. */
function union(a: readonly number[], b: readonly number[], k: number): number[] | null {
  const leaves: number[] = [];
  let [p, q] = [0, 0];
  while (p < a.length || q < b.length) {
    if (leaves.length === k) return null;
    const [x, y] = [a[p] ?? Number.POSITIVE_INFINITY, b[q] ?? Number.POSITIVE_INFINITY];
    leaves.push(Math.min(x, y));
    if (x <= y) p++;
    if (y <= x) q++;
  }
  return leaves;
}
