import { HASHING } from "../ir/netlist-builder.js";
import type { Pass } from "./pass.js";
import { rebuild, removed } from "./rebuild.js";

/** Merge gates with equal kind and fanins. One sweep suffices: gates are in topological order. */
export const strash: Pass = {
  name: "strash",
  summary: "merge structurally identical gates",
  preserves: "function",
  run(design) {
    const merged = rebuild(design, HASHING);
    return { design: merged, stats: { merged: removed(design, merged) } };
  },
};
