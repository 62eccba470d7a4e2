import type { Random } from "../../base/random.js";
import type { GateKind } from "../../compiler/ir/gate-functions.js";
import { type Literal, literalOf } from "../../compiler/ir/literal.js";
import type { Substitution } from "../../compiler/prune/substitution.js";

/** A gate by any lower literal, or by any function of two. */
export function randomSubstitution(random: Random, node: number): Substitution {
  return random.below(2) === 0 ? { node, literal: random.below(2 * node) as Literal } : defined(random, node);
}

/** A gate, or its complement, that computes some function of two lower literals. */
export function defined(random: Random, node: number): Substitution {
  const [fanin0, fanin1] = [random.below(2 * node) as Literal, random.below(2 * node) as Literal];
  const definition = { kind: random.below(2) as GateKind, fanin0, fanin1 };
  return { node, literal: literalOf(node, random.below(2) === 1), definition };
}
