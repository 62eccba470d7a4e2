import { type Literal, literalOf } from "../ir/literal.js";
import { firstGate, type Netlist, nodeCount } from "../ir/netlist.js";
import type { References } from "./references.js";
import type { Substitution } from "./substitution.js";

/** Substitutions that may be chosen, one a place; the lowest score is chosen first. */
export interface Scored {
  readonly node: Uint32Array;
  readonly literal: Uint32Array;
  readonly score: Float64Array;
}

/**
 * Choose substitutions by score until enough gates are freed. Within a round a substitute is never substituted itself, so
 * that every one keeps the score that it was chosen by.
 *
 * @param quota gates to free.
 * @returns in the order of the choice.
 */
export function chooseRound(
  core: Netlist,
  scored: Scored,
  references: References,
  quota: number,
): Substitution[] {
  const order = Uint32Array.from({ length: scored.score.length }, (_, i) => i);
  order.sort((x, y) => scored.score[x]! - scored.score[y]! || x - y);
  const kept = new Uint8Array(nodeCount(core));
  const chosen: Substitution[] = [];
  let freed = 0;
  for (const i of order) {
    if (freed >= quota) break;
    const [node, literal] = [scored.node[i]!, scored.literal[i]! as Literal];
    if (kept[node] === 1 || !references.isThere(node) || !references.isThere(literal >>> 1)) continue;
    freed += references.substitute(node, literal >>> 1);
    kept[literal >>> 1] = 1;
    chosen.push({ node, literal });
  }
  return chosen;
}

/** The best few substitutes of every gate. @param per how many, @param scoreOf by pair and complement. */
export function bestOfEach(
  core: Netlist,
  { start, source }: { readonly start: Uint32Array; readonly source: Uint32Array },
  per: number,
  scoreOf: (node: number, pair: number, complement: boolean) => number,
): Scored {
  const nodes: number[] = [];
  const literals: number[] = [];
  const scores: number[] = [];
  for (let node = firstGate(core); node < nodeCount(core); node++) {
    const best: { literal: number; score: number }[] = [];
    for (let at = start[node]!; at < start[node + 1]!; at++) {
      const [plain, complement] = [scoreOf(node, at, false), scoreOf(node, at, true)];
      best.push({ literal: literalOf(source[at]!, complement < plain), score: Math.min(plain, complement) });
    }
    best.sort((x, y) => x.score - y.score);
    for (const { literal, score } of best.slice(0, per)) {
      nodes.push(node);
      literals.push(literal);
      scores.push(score);
    }
  }
  return {
    node: Uint32Array.from(nodes),
    literal: Uint32Array.from(literals),
    score: Float64Array.from(scores),
  };
}
