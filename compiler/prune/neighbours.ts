import { popcount } from "../../base/popcount.js";
import { Random } from "../../base/random.js";

/** What a search for near nodes looks at. */
export interface Activity {
  /** Nodes below this one, the constant and the inputs, can be substitutes but are not substituted. */
  readonly first: number;
  /** Shape `[nodes, words]`: the bits of every node on some samples. */
  readonly values: Uint32Array;
  readonly words: number;
}

/** Words compared before it is asked again if two nodes can still be near. */
const STRIDE = 8;

/** The nearest lower nodes found of each node, nearest first. */
export class NearestNodes {
  /** Shape `[nodes, perNode]`, filled up to `count[node]`. */
  readonly node: Uint32Array;
  readonly distance: Uint32Array;
  readonly count: Uint8Array;

  constructor(
    private readonly activity: Activity,
    readonly perNode: number,
  ) {
    const nodes = activity.values.length / activity.words;
    this.node = new Uint32Array(nodes * perNode);
    this.distance = new Uint32Array(nodes * perNode);
    this.count = new Uint8Array(nodes);
  }

  /** Compare two nodes, complements included, and keep the lower one for the higher one if it is near. */
  offer(x: number, y: number): void {
    const [low, high] = x < y ? [x, y] : [y, x];
    if (high < this.activity.first) return;
    const { words } = this.activity;
    const from = high * this.perNode;
    const held = this.count[high]!;
    for (let i = from; i < from + held; i++) if (this.node[i] === low) return;
    const limit = held < this.perNode ? 16 * words + 1 : this.distance[from + held - 1]!;
    const distance = this.distanceBelow(limit, low * words, high * words);
    if (distance >= limit) return;
    let at = from + Math.min(held, this.perNode - 1);
    for (; at > from && this.distance[at - 1]! > distance; at--) {
      this.node[at] = this.node[at - 1]!;
      this.distance[at] = this.distance[at - 1]!;
    }
    this.node[at] = low;
    this.distance[at] = distance;
    if (held < this.perNode) this.count[high] = held + 1;
  }

  /** Distance of two rows, or something no less than the limit: where neither they nor their complements are so near. */
  private distanceBelow(limit: number, i: number, j: number): number {
    const { values, words } = this.activity;
    let differ = 0;
    for (let w = 0; w < words; ) {
      for (const end = Math.min(words, w + STRIDE); w < end; w++)
        differ += popcount(values[i + w]! ^ values[j + w]!);
      if (differ >= limit && 32 * w - differ >= limit) return limit;
    }
    return Math.min(differ, 32 * words - differ);
  }
}

export interface SignatureOptions {
  readonly seed: number;
  /** Tables, each with signatures of its own: more finds more, in linear time. */
  readonly tables: number;
  /** Nodes that each node is compared with in a table. */
  readonly window: number;
}

/** Bits of a signature: with a node number of 21 bits they fill a double. */
const BITS = 32;
const NODES = 2 ** 21;

/**
 * Find near pairs by locality-sensitive signatures (Indyk and Motwani, "Approximate nearest neighbors", STOC 1998; sorted
 * tables after Charikar, "Similarity estimation techniques from rounding algorithms", STOC 2002): each table takes some
 * samples' bits of every node, complemented if the first of them is 1, sorts the nodes by them and offers those that end
 * up close to each other.
 */
export function offerBySignatures(
  { values, words }: Activity,
  near: Pick<NearestNodes, "offer">,
  { seed, tables, window }: SignatureOptions,
): void {
  const random = Random.forPurpose(seed, "signatures");
  const nodes = values.length / words;
  const keys = new Float64Array(nodes);
  for (let table = 0; table < tables; table++) {
    const places = Uint32Array.from({ length: BITS }, () => random.below(32 * words));
    for (let node = 0; node < nodes; node++) {
      let signature = 0;
      for (const place of places)
        signature = (signature << 1) | ((values[node * words + (place >>> 5)]! >>> (place & 31)) & 1);
      keys[node] = (signature < 0 ? ~signature : signature) * NODES + node;
    }
    keys.sort();
    const order = Uint32Array.from(keys, (key) => key % NODES);
    for (let i = 0; i < nodes; i++)
      for (let j = i + 1; j < Math.min(nodes, i + 1 + window); j++) near.offer(order[i]!, order[j]!);
  }
}
