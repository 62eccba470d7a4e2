import { type Literal, literalOf } from "../ir/literal.js";
import { firstGate, type Netlist, nodeCount } from "../ir/netlist.js";
import type { References } from "./references.js";
import type { GateDefinition, Substitution } from "./substitution.js";

/** Substitutions that may be chosen, one a place; the lowest score is chosen first. */
export interface Scored {
  readonly node: Uint32Array;
  readonly literal: Uint32Array;
  readonly score: Float64Array;
  /** By place: what a gate is to compute instead, where its own literal is substituted (`Substitution`). */
  readonly definitions: ReadonlyMap<number, GateDefinition>;
}

/** Of nodes that others were substituted by, and that compute something else from now on. */
const KEPT = 1;
const REDEFINED = 2;

/**
 * Choose substitutions by score until enough gates are freed. Within a round a substitute is never substituted itself, so
 * that every one keeps the score that it was chosen by. A gate is only defined anew if that frees others.
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
    const definition = scored.definitions.get(i);
    const sources =
      definition === undefined ? [literal >>> 1] : [definition.fanin0 >>> 1, definition.fanin1 >>> 1];
    if (kept[node] !== 0 || !references.isThere(node)) continue;
    if (sources.some((source) => kept[source] === REDEFINED || !references.isThere(source))) continue;
    if (definition === undefined) {
      freed += references.substitute(node, sources[0]!);
    } else {
      if (references.freedBy(node, sources[0]!, sources[1]!) === 0) continue;
      freed += references.redefine(node, sources[0]!, sources[1]!);
    }
    for (const source of sources) kept[source] = KEPT;
    if (definition !== undefined) kept[node] = REDEFINED;
    chosen.push(definition === undefined ? { node, literal } : { node, literal, definition });
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
  const most = per * core.kind.length;
  const node = new Uint32Array(most);
  const literal = new Uint32Array(most);
  const score = new Float64Array(most);
  let end = 0;
  for (let gate = firstGate(core); gate < nodeCount(core); gate++) {
    const from = end;
    for (let at = start[gate]!; at < start[gate + 1]!; at++) {
      const [plain, complement] = [scoreOf(gate, at, false), scoreOf(gate, at, true)];
      const own = Math.min(plain, complement);
      if (end === from + per) {
        if (own >= score[end - 1]!) continue;
        end--;
      }
      let to = end++;
      for (; to > from && score[to - 1]! > own; to--) {
        literal[to] = literal[to - 1]!;
        score[to] = score[to - 1]!;
      }
      literal[to] = literalOf(source[at]!, complement < plain);
      score[to] = own;
    }
    node.fill(gate, from, end);
  }
  return {
    node: node.subarray(0, end),
    literal: literal.subarray(0, end),
    score: score.subarray(0, end),
    definitions: new Map(),
  };
}
