import { firstGate, type Netlist } from "../ir/netlist.js";
import { LITERAL } from "../ir/netlist-builder.js";
import type { Pass } from "./pass.js";
import { rebuild, removed } from "./rebuild.js";

/** Which gates some output can see, shape `[gates]`. */
export function liveGates(core: Netlist): Uint8Array {
  const first = firstGate(core);
  const live = new Uint8Array(core.kind.length);
  const mark = (literal: number): void => {
    const g = (literal >>> 1) - first;
    if (g >= 0) live[g] = 1;
  };
  core.outputs.forEach(mark);
  for (let g = core.kind.length - 1; g >= 0; g--) {
    if (live[g] === 0) continue;
    mark(core.fanin0[g]!);
    mark(core.fanin1[g]!);
  }
  return live;
}

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
