import { HEADER } from "./clauses.js";
import type { SolverState } from "./state.js";

/** `seen` while minimising: 1 in the clause, 2 implied by it, 3 not implied by it. */
const IMPLIED = 2;
const POISON = 3;

/**
 * Drop the literals of a learnt clause that the others imply (Sörensson and Biere, "Minimizing learned clauses",
 * 2009). `seen` is 1 for the literals behind the first; marks that this leaves elsewhere are undone.
 */
export function minimise(state: SolverState, literals: number[]): void {
  const { seen, level, reason } = state;
  const levels = new Set(literals.slice(1).map((literal) => level[literal >>> 1]!));
  const touched: number[] = [];
  let kept = 1;
  for (let k = 1; k < literals.length; k++) {
    const literal = literals[k]!;
    const redundant = reason[literal >>> 1] !== 0 && implied(state, literal >>> 1, levels, touched);
    if (!redundant) literals[kept++] = literal;
  }
  literals.length = kept;
  for (const v of touched) seen[v] = 0;
}

/** Do all paths back from the variable's reason end in the clause? Depth first, without recursion. */
function implied(
  state: SolverState,
  variable: number,
  levels: ReadonlySet<number>,
  touched: number[],
): boolean {
  const { seen, level, reason, clauses } = state;
  const stack = [variable];
  const next = [reason[variable]! + HEADER];
  while (stack.length > 0) {
    const v = stack.at(-1)!;
    const at = next[next.length - 1]!++;
    if (at === clauses.next(reason[v]!)) {
      stack.pop();
      next.pop();
      if (stack.length > 0) mark(seen, v, IMPLIED, touched);
      continue;
    }
    const u = clauses.data[at]! >>> 1;
    if (u === v || level[u] === 0 || seen[u] === 1 || seen[u] === IMPLIED) continue;
    if (reason[u] === 0 || seen[u] === POISON || !levels.has(level[u]!)) {
      for (const open of stack.slice(1)) mark(seen, open, POISON, touched);
      return false;
    }
    stack.push(u);
    next.push(reason[u]! + HEADER);
  }
  return true;
}

function mark(seen: Uint8Array, variable: number, value: number, touched: number[]): void {
  if (seen[variable] === 0) touched.push(variable);
  if (seen[variable] !== 1) seen[variable] = value;
}
