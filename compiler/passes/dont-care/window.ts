import type { EditableNetlist } from "../../ir/editable-netlist.js";
import { GateKind } from "../../ir/gate-functions.js";
import type { NodeValues } from "./node-values.js";

/** The part of a netlist after a node through which outputs see it. */
export interface Window {
  readonly node: number;
  /** Gates that depend on the node, by level; the node itself is not among them. */
  readonly after: readonly number[];
  /** Those of them, and perhaps the node, that something outside reads. What they don't show, no output sees. */
  readonly roots: readonly number[];
}

/**
 * The gates nearest after a node. Where the limit cuts it short, its roots count as outputs: fewer don't-cares are
 * then found, but none that isn't one.
 */
export function windowAfter(netlist: EditableNetlist, node: number, limit: number): Window {
  const inside = new Set([node]);
  const queue = [node];
  for (let i = 0; i < queue.length && inside.size <= limit; i++) {
    for (const reader of netlist.fanouts[queue[i]!]!) {
      if (inside.has(reader)) continue;
      inside.add(reader);
      queue.push(reader);
    }
  }
  const roots = queue.filter(
    (member) =>
      netlist.readers[member]!.length > 0 || netlist.fanouts[member]!.some((reader) => !inside.has(reader)),
  );
  return { node, after: netlist.byLevel(queue.slice(1)), roots };
}

/**
 * Under which patterns turning the node over changes a root of its window.
 *
 * @returns shape `[words]`.
 */
export function observability(netlist: EditableNetlist, values: NodeValues, window: Window): Uint32Array {
  const { words } = values;
  const turned = new Map([[window.node, values.row(window.node).map((word) => ~word)]]);
  const rowOf = (node: number): Uint32Array => turned.get(node) ?? values.row(node);
  for (const node of window.after) {
    const [f0, f1] = [netlist.fanin0[node]!, netlist.fanin1[node]!];
    const [a, b] = [rowOf(f0 >>> 1), rowOf(f1 >>> 1)];
    const [flipA, flipB] = [-(f0 & 1), -(f1 & 1)];
    const row = new Uint32Array(words);
    if (netlist.kind[node] === GateKind.And) {
      for (let w = 0; w < words; w++) row[w] = (a[w]! ^ flipA) & (b[w]! ^ flipB);
    } else {
      for (let w = 0; w < words; w++) row[w] = a[w]! ^ b[w]! ^ flipA ^ flipB;
    }
    turned.set(node, row);
  }
  const seen = new Uint32Array(words);
  for (const root of window.roots) {
    const [before, after] = [values.row(root), turned.get(root)!];
    for (let w = 0; w < words; w++) seen[w]! |= before[w]! ^ after[w]!;
  }
  return seen;
}
