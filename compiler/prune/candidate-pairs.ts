import { firstGate, type Netlist, nodeCount } from "../ir/netlist.js";
import { simulateNodes } from "../simulate/bit-parallel.js";
import { NearestNodes, offerBySignatures } from "./neighbours.js";

/** Candidate substitutes of every node as compressed rows: those of `n` are `source[start[n] .. start[n + 1]]`, lower nodes. */
export interface CandidatePairs {
  readonly start: Uint32Array;
  readonly source: Uint32Array;
}

/** Words of samples by which near nodes are looked for. */
const WORDS = 64;
/** Near nodes kept of each node. */
const NEAREST = 6;
const TABLES = 8;
const WINDOW = 8;

/** Of every gate: the constant, its fanins, and what acts nearly alike on some of the samples. */
export function nearPairs(
  core: Netlist,
  { bits, samples }: { readonly bits: readonly Uint32Array[]; readonly samples: number },
  seed: number,
): CandidatePairs {
  const whole = Math.floor(samples / 32);
  const words = Math.min(WORDS, Math.max(1, whole));
  // Spread over the samples, which may be sorted by class.
  const some = bits.map((row) =>
    Uint32Array.from({ length: words }, (_, w) => row[Math.floor((w * whole) / words)]!),
  );
  const activity = { first: firstGate(core), values: simulateNodes(core, some, words), words };
  const near = new NearestNodes(activity, NEAREST);
  offerBySignatures(activity, near, { seed, tables: TABLES, window: WINDOW });
  return pairsOf(core, near);
}

/** Of every gate: the constant, its fanins and the near nodes, if any are given. */
export function pairsOf(core: Netlist, near: NearestNodes | null): CandidatePairs {
  const first = firstGate(core);
  const start = new Uint32Array(nodeCount(core) + 1);
  const source = new Uint32Array(core.kind.length * (3 + (near?.perNode ?? 0)));
  let end = 0;
  for (let node = first; node < nodeCount(core); node++) {
    const from = end;
    const put = (lower: number): void => {
      for (let i = from; i < end; i++) if (source[i] === lower) return;
      source[end++] = lower;
    };
    put(0);
    put(core.fanin0[node - first]! >>> 1);
    put(core.fanin1[node - first]! >>> 1);
    if (near !== null) for (let i = 0; i < near.count[node]!; i++) put(near.node[node * near.perNode + i]!);
    start[node + 1] = end;
  }
  return { start, source: source.subarray(0, end) };
}
