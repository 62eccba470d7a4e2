import { liveGates } from "../ir/netlist.js";
import { LITERAL } from "../ir/netlist-builder.js";
import type { Pass } from "./pass.js";
import { rebuild, removed } from "./rebuild.js";

/** Remove gates that no output can see. */
export const deadGates: Pass = {
  name: "dead-gates",
  summary: "remove gates that no output depends on",
  preserves: "function",
  run(design) {
    const live = liveGates(design.core);
    const rest = rebuild(design, LITERAL, (g) => live[g] === 1);
    return { design: rest, stats: { dead: removed(design, rest) } };
  },
};
