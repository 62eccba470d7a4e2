import { FOLDING } from "../ir/netlist-builder.js";
import type { Pass } from "./pass.js";
import { rebuild, removed } from "./rebuild.js";

/**
 * Fold gates whose fanins are constant, equal or complementary. One sweep suffices: gates are in topological
 * order, so what a fanin became is known before it is read.
 */
export const constantPropagation: Pass = {
  name: "constant-propagation",
  summary: "fold gates with constant, equal or complementary fanins",
  preserves: "function",
  run(design) {
    const folded = rebuild(design, FOLDING);
    return { design: folded, stats: { folded: removed(design, folded) } };
  },
};
