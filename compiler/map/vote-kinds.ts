import { popcount } from "../../base/popcount.js";
import type { Design } from "../ir/design.js";
import { mapLuts } from "./map-luts.js";
import type { VoteKinds } from "./readout-circuit.js";

/**
 * Which votes' gates the LUTs that count them can take in: those of one LUT that nothing else reads and that is counted
 * once, with a power of two. Its inputs say as what.
 *
 * @param k the most inputs of a LUT.
 */
export function voteKinds({ core, readout }: Design, k: 4 | 6): VoteKinds {
  const luts = mapLuts(core, { k });
  const first = 1 + luts.inputs;
  /** Shape `[nodes of luts]`: readers, bits of a popcount among them. */
  const readers = new Uint32Array(first + luts.start.length - 1);
  for (const node of luts.fanin) readers[node]!++;
  readout.vote.forEach((vote, t) => {
    readers[luts.outputs[vote]! >>> 1]! += popcount(Math.abs(readout.weight[t]!));
  });
  return Array.from(luts.outputs, (literal) => {
    const node = literal >>> 1;
    if (node < first || readers[node] !== 1) return "wire";
    const inputs = luts.start[node - first + 1]! - luts.start[node - first]!;
    return inputs <= 2 ? "narrow" : inputs < k ? "wide" : "wire";
  });
}
