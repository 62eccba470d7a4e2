import type { Netlist } from "../../ir/netlist.js";
import { originOf } from "../../ir/netlist.js";
import type { SweepGraph } from "./graph.js";

/** The netlist that a swept graph stands for: live gates that stayed, each with the origins of all merged into it. */
export function sweptNetlist(graph: SweepGraph): Netlist {
  const { netlist, first } = graph;
  const outputs = Uint32Array.from(netlist.outputs, (literal) => graph.at(literal));
  const kept = liveNodes(graph, outputs);
  const place = new Uint32Array(graph.literal.length);
  for (let n = 0; n < first; n++) place[n] = n;
  kept.forEach((node, g) => {
    place[node] = first + g;
  });
  const moved = (literal: number): number => 2 * place[literal >>> 1]! + (literal & 1);
  const origins = mergedOrigins(graph, kept);
  const start = new Uint32Array(kept.length + 1);
  for (let g = 0; g < kept.length; g++) start[g + 1] = start[g]! + origins[g]!.length;
  const index = new Uint32Array(start.at(-1)!);
  for (let g = 0; g < kept.length; g++) index.set(origins[g]!, start[g]);
  return {
    inputs: netlist.inputs,
    kind: Uint8Array.from(kept, (node) => graph.isXor[node]!),
    fanin0: Uint32Array.from(kept, (node) => moved(graph.fanin0[node]!)),
    fanin1: Uint32Array.from(kept, (node) => moved(graph.fanin1[node]!)),
    outputs: outputs.map(moved),
    origin: { start, index },
  };
}

/** Gates that some output can see, ascending. */
function liveNodes(graph: SweepGraph, outputs: Uint32Array): Uint32Array {
  const live = new Uint8Array(graph.literal.length);
  for (const literal of outputs) live[literal >>> 1] = 1;
  const kept: number[] = [];
  for (let node = live.length - 1; node >= graph.first; node--) {
    if (live[node] === 0) continue;
    kept.push(node);
    live[graph.fanin0[node]! >>> 1] = 1;
    live[graph.fanin1[node]! >>> 1] = 1;
  }
  return Uint32Array.from(kept).reverse();
}

/** Per kept gate the trained gates that it stands for, ascending. */
function mergedOrigins(graph: SweepGraph, kept: Uint32Array): ArrayLike<number>[] {
  const { netlist, first } = graph;
  const extra = new Map<number, Set<number>>();
  for (let g = 0; g < netlist.kind.length; g++) {
    const into = graph.literal[first + g]! >>> 1;
    if (into === first + g || into < first) continue;
    const all = extra.get(into) ?? new Set(originOf(netlist, into - first));
    for (const origin of originOf(netlist, g)) all.add(origin);
    extra.set(into, all);
  }
  return Array.from(kept, (node) => {
    const all = extra.get(node);
    return all === undefined ? originOf(netlist, node - first) : [...all].sort((a, b) => a - b);
  });
}
