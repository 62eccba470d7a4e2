import { HEADER } from "./clauses.js";
import { minimise } from "./minimise.js";
import type { SolverState } from "./state.js";

/** A learnt clause: the asserting literal first, then one of the level to go back to. */
export interface Learnt {
  readonly literals: number[];
  readonly backjump: number;
  /** Number of different levels among its literals (Audemard and Simon, "Predicting learnt clauses quality", 2009). */
  readonly glue: number;
}

/** The clause of the first unique implication point of a conflict (Marques-Silva and Sakallah, "GRASP", 1996). */
export function analyze(state: SolverState, conflict: number): Learnt {
  const { level, seen, trail, reason, clauses, heap } = state;
  const literals = [0];
  const current = state.decisionLevel;
  let open = 0;
  let index = state.trailSize;
  let ref = conflict;
  let pivot = 0;
  do {
    if (clauses.isLearnt(ref)) clauses.touch(ref);
    const end = clauses.next(ref);
    for (let k = ref + HEADER; k < end; k++) {
      const literal = clauses.data[k]!;
      const v = literal >>> 1;
      if (literal === pivot || seen[v] === 1 || level[v] === 0) continue;
      seen[v] = 1;
      heap.bump(v);
      if (level[v] === current) open++;
      else literals.push(literal);
    }
    do index--;
    while (seen[trail[index]! >>> 1] === 0);
    pivot = trail[index]!;
    ref = reason[pivot >>> 1]!;
    seen[pivot >>> 1] = 0;
    open--;
  } while (open > 0);
  literals[0] = pivot ^ 1;
  const marked = literals.slice(1);
  minimise(state, literals);
  for (const literal of marked) seen[literal >>> 1] = 0;
  return { literals, backjump: moveSecond(state, literals), glue: countLevels(state, literals) };
}

/** Put a literal of the highest level but the first's in second place; gives its level. */
function moveSecond({ level }: SolverState, literals: number[]): number {
  if (literals.length === 1) return 0;
  let best = 1;
  for (let k = 2; k < literals.length; k++)
    if (level[literals[k]! >>> 1]! > level[literals[best]! >>> 1]!) best = k;
  const swapped = literals[1]!;
  literals[1] = literals[best]!;
  literals[best] = swapped;
  return level[literals[1]! >>> 1]!;
}

const countLevels = ({ level }: SolverState, literals: readonly number[]): number =>
  new Set(literals.map((literal) => level[literal >>> 1]!)).size;
