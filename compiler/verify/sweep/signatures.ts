import { Random } from "../../../base/random.js";
import { type Netlist, nodeCount } from "../../ir/netlist.js";
import { evaluateNodes } from "../../simulate/bit-parallel.js";
import { CandidateClasses } from "./classes.js";

/** Words simulated together. */
const BLOCK = 8;
/** Random patterns: 128 words of 32. */
const RANDOM_WORDS = 128;
/** Words of given patterns that are used. */
const MOST_GIVEN_WORDS = 512;

/**
 * Candidate classes by signature: the values of every node, canonical under complement, on random patterns and on
 * those given, folded into 64 bits. Nodes with equal values get equal signatures; the few that share one by chance are
 * told apart later, since every merge is proved.
 */
export function candidateClasses(
  netlist: Netlist,
  seed: number,
  patterns: readonly Uint32Array[] = [],
): CandidateClasses {
  const nodes = nodeCount(netlist);
  const phase = new Uint8Array(nodes);
  const hashes = [new Int32Array(nodes), new Int32Array(nodes)] as const;
  const values = new Uint32Array(nodes * BLOCK);
  const random = Random.forPurpose(seed, "sweep");
  const given = Math.min(MOST_GIVEN_WORDS, patterns[0]?.length ?? 0);
  for (let from = 0; from < RANDOM_WORDS + given; from += BLOCK) {
    for (let i = 0; i < netlist.inputs; i++)
      for (let w = 0; w < BLOCK; w++)
        values[(1 + i) * BLOCK + w] =
          from < RANDOM_WORDS ? random.uint32() : (patterns[i]![from - RANDOM_WORDS + w] ?? 0);
    evaluateNodes(netlist, values, BLOCK);
    if (from === 0) for (let n = 0; n < nodes; n++) phase[n] = values[n * BLOCK]! & 1;
    fold(values, phase, hashes);
  }
  return new CandidateClasses(nodes, hashes, phase);
}

/** Mix a block of every node into its two hashes. A hot loop. */
function fold(values: Uint32Array, phase: Uint8Array, [h, k]: readonly [Int32Array, Int32Array]): void {
  for (let n = 0; n < phase.length; n++) {
    const flip = -phase[n]!;
    let [x, y] = [h[n]!, k[n]!];
    for (let w = n * BLOCK; w < (n + 1) * BLOCK; w++) {
      const v = values[w]! ^ flip;
      x = Math.imul(x ^ v, 0x9e3779b1);
      x ^= x >>> 15;
      y = Math.imul(y + v, 0x85ebca6b);
      y ^= y >>> 13;
    }
    h[n] = x;
    k[n] = y;
  }
}
