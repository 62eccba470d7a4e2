import type { SolverState } from "./state.js";

/**
 * The assumptions that together make assumption `refused` false: it and the decisions that its falsity follows from.
 * To be asked while all levels are assumptions.
 */
export function failedAssumptions(state: SolverState, refused: number): number[] {
  const { seen, level, reason, trail, clauses } = state;
  const failed = [refused];
  if (state.decisionLevel === 0 || level[refused >>> 1] === 0) return failed;
  seen[refused >>> 1] = 1;
  for (let k = state.trailSize - 1; k >= state.levelStart[0]!; k--) {
    const literal = trail[k]!;
    const v = literal >>> 1;
    if (seen[v] === 0) continue;
    seen[v] = 0;
    const ref = reason[v]!;
    if (ref === 0) {
      failed.push(literal);
      continue;
    }
    for (const other of clauses.literals(ref)) if (level[other >>> 1]! > 0) seen[other >>> 1] = 1;
    seen[v] = 0;
  }
  return failed;
}
