import { invariant } from "../../base/errors.js";
import type { GateKind } from "../ir/gate-functions.js";
import type { Literal } from "../ir/literal.js";
import { firstGate, liveGates, type Netlist, nodeCount } from "../ir/netlist.js";
import { HASHING, LITERAL } from "../ir/netlist-builder.js";
import { rebuildNetlist } from "../ir/rebuild-netlist.js";

/** What a gate computes: `kind` of two literals. */
export interface GateDefinition {
  readonly kind: GateKind;
  readonly fanin0: Literal;
  readonly fanin1: Literal;
}

/**
 * Whatever reads the gate `node` reads `literal` instead: of a lower node, or, where there is a definition, of the gate
 * itself, which from then on computes that, of lower nodes. A gate that was defined anew may be substituted again.
 */
export interface Substitution {
  readonly node: number;
  readonly literal: Literal;
  readonly definition?: GateDefinition;
}

/**
 * The netlist in which every reader of a substituted gate reads its literal instead, and that of the literal's node if
 * that is substituted too. Nothing is simplified, hashed or removed: gates keep their numbers. What a list of
 * substitutions means is defined by this function, and `applySubstitutions` is proved against it.
 *
 * @throws {InvariantError} unless every node is a gate that is substituted once, by lower nodes alone.
 */
export function rewire(core: Netlist, list: readonly Substitution[]): Netlist {
  const read = Uint32Array.from({ length: nodeCount(core) }, (_, node) => 2 * node);
  const [kind, fanin0, fanin1] = [core.kind.slice(), core.fanin0.slice(), core.fanin1.slice()];
  const first = firstGate(core);
  for (const { node, literal, definition } of list) {
    const sources = definition === undefined ? [literal] : [definition.fanin0, definition.fanin1];
    const isLower = sources.every((source) => source >>> 1 < node);
    invariant(
      node >= first && isLower && (definition === undefined || literal >>> 1 === node),
      `substitution of ${node} by ${definition === undefined ? literal : sources}`,
    );
    invariant(read[node]! >>> 1 === node, `node ${node} is substituted twice`);
    read[node] = literal;
    if (definition === undefined) continue;
    kind[node - first] = definition.kind;
    fanin0[node - first] = definition.fanin0;
    fanin1[node - first] = definition.fanin1;
  }
  // Ascending, so that what a substitute itself became is known.
  for (let node = 0; node < read.length; node++) {
    const literal = read[node]!;
    if (literal >>> 1 !== node) read[node] = read[literal >>> 1]! ^ (literal & 1);
  }
  const moved = (literal: number): number => read[literal >>> 1]! ^ (literal & 1);
  return {
    ...core,
    kind,
    fanin0: fanin0.map(moved),
    fanin1: fanin1.map(moved),
    outputs: core.outputs.map(moved),
  };
}

/** A netlist after substitutions, and where the nodes went. */
export interface Substituted {
  readonly core: Netlist;
  /** Shape `[nodes before]`: the literal in `core`, `GONE` for a gate that no output sees any more. */
  readonly moved: Uint32Array;
}

export const GONE = 0xffff_ffff;

/** Apply substitutions: fold constants, merge gates of equal structure, leave out what no output sees. */
export function applySubstitutions(core: Netlist, list: readonly Substitution[]): Substituted {
  const first = firstGate(core);
  const instead = new Map(
    list.map(({ node, literal, definition }) => [
      node,
      definition === undefined ? literal : { ...definition, complement: (literal & 1) === 1 },
    ]),
  );
  const hashed = rebuildNetlist(core, HASHING, (g) => instead.get(first + g));
  const live = liveGates(hashed.netlist);
  const kept = rebuildNetlist(hashed.netlist, LITERAL, (g) => (live[g] === 1 ? undefined : null));
  const moved = hashed.moved.map((literal) => {
    const node = literal >>> 1;
    return node < first || live[node - first] === 1 ? kept.moved[node]! ^ (literal & 1) : GONE;
  });
  return { core: kept.netlist, moved };
}
