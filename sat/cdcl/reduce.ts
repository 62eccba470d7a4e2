import type { ProofLog } from "../proof.js";
import type { ClauseArena } from "./clauses.js";
import { decodeLiteral } from "./literal.js";
import type { SolverState } from "./state.js";

/** Learnt clauses of at most this glue are kept for good. */
const KEEP_GLUE = 2;
/** Share of the others that goes. */
const SHARE = 0.5;

/**
 * Forget the worse half of the learnt clauses, by glue, then age, but those used since the last time, and every clause
 * that is true for good; then close the gaps. At level 0 only.
 */
export function reduceClauses(state: SolverState, proof: ProofLog | null): void {
  const { clauses } = state;
  const doomed = new Set(worst(clauses));
  // Level-0 assignments need no reasons any more, and these would dangle.
  for (let k = 0; k < state.trailSize; k++) state.reason[state.trail[k]! >>> 1] = 0;
  // The proof keeps them as units, since the clauses that imply them may go.
  for (; state.unitsLogged < state.trailSize; state.unitsLogged++)
    proof?.add([decodeLiteral(state.trail[state.unitsLogged]!)]);
  state.watches.clear();
  let to = 1;
  clauses.learnts = 0;
  for (let ref = 1, next = 0; ref < clauses.end; ref = next) {
    next = clauses.next(ref);
    const literals = clauses.literals(ref);
    if (doomed.has(ref) || literals.some((literal) => state.values[literal]! > 0)) {
      if (clauses.isLearnt(ref)) proof?.remove(Array.from(literals, decodeLiteral));
      continue;
    }
    clauses.data.copyWithin(to, ref, next);
    if (clauses.isLearnt(to)) clauses.learnts++;
    state.watch(to);
    to += next - ref;
  }
  clauses.end = to;
}

function worst(clauses: ClauseArena): number[] {
  const candidates: number[] = [];
  for (let ref = 1; ref < clauses.end; ref = clauses.next(ref)) {
    if (!clauses.isLearnt(ref) || clauses.size(ref) === 2 || clauses.glue(ref) <= KEEP_GLUE) continue;
    if (!clauses.takeUsed(ref)) candidates.push(ref);
  }
  candidates.sort((a, b) => clauses.glue(b) - clauses.glue(a) || a - b);
  return candidates.slice(0, Math.ceil(SHARE * candidates.length));
}
