import type { SatAnswer, Solver, SolverFactory } from "./solver.js";

/**
 * Solvers whose queries end as `unknown` after some time on the wall clock. It only aborts: budgets that results
 * depend on count conflicts.
 */
export function timeLimited(create: SolverFactory, queryMilliseconds: number): SolverFactory {
  return () => {
    const solver = create();
    const solve: Solver["solve"] = (query = {}): SatAnswer => {
      const deadline = performance.now() + queryMilliseconds;
      let late = false;
      const cancelled = (): boolean => {
        late ||= performance.now() > deadline;
        return late || query.cancelled?.() === true;
      };
      const answer = solver.solve({ ...query, cancelled });
      return late && answer.tag === "unknown" ? { tag: "unknown", reason: "time" } : answer;
    };
    return {
      name: solver.name,
      statistics: solver.statistics,
      addVariable: () => solver.addVariable(),
      addClause: (clause) => solver.addClause(clause),
      solve,
      value: (variable) => solver.value(variable),
      failedAssumptions: () => solver.failedAssumptions(),
      close: () => solver.close(),
    };
  };
}
