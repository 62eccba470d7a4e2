import { type Literal, literalOf } from "../ir/literal.js";
import { firstGate, type Netlist, nodeCount } from "../ir/netlist.js";
import { GONE, type Substituted, type Substitution } from "./substitution.js";

/**
 * Substitutions in the netlist that others made of `core`, as further ones in `core`: a gate there stands for every gate
 * here that became it.
 */
export function translate(
  core: Netlist,
  { core: after, moved }: Substituted,
  before: readonly Substitution[],
  chosen: readonly Substitution[],
): Substitution[] {
  const original = originals(moved, nodeCount(after));
  // A gate that was defined anew is still there.
  const done = new Set(before.flatMap(({ node, definition }) => (definition === undefined ? [node] : [])));
  const became = new Map<number, number[]>();
  for (let node = firstGate(core); node < moved.length; node++) {
    if (done.has(node) || moved[node] === GONE) continue;
    const to = moved[node]! >>> 1;
    const list = became.get(to);
    if (list === undefined) became.set(to, [node]);
    else list.push(node);
  }
  const at = (literal: number): Literal => (original[literal >>> 1]! ^ (literal & 1)) as Literal;
  return chosen.flatMap(({ node: gate, literal, definition }) =>
    became.get(gate)!.map((node) => {
      const flip = moved[node]! & 1;
      if (definition === undefined) return { node, literal: (at(literal) ^ flip) as Literal };
      const { kind, fanin0, fanin1 } = definition;
      return {
        node,
        literal: literalOf(node, ((literal ^ flip) & 1) === 1),
        definition: { kind, fanin0: at(fanin0), fanin1: at(fanin1) },
      };
    }),
  );
}

/** Of every node after, the literal of the lowest node before that became it. */
function originals(moved: Uint32Array, nodes: number): Uint32Array {
  const original = new Uint32Array(nodes).fill(GONE);
  for (let node = 0; node < moved.length; node++) {
    const to = moved[node]!;
    if (to !== GONE && original[to >>> 1] === GONE) original[to >>> 1] = literalOf(node, (to & 1) === 1);
  }
  return original;
}
