import { describe, expect, test } from "vitest";
import { Random } from "../../base/random.js";
import { createCdclSolver } from "../../sat/cdcl/solver.js";
import { createLogicSolver } from "../../sat/logic-solver/solver.js";
import { addCnf, type Clause, type Solver } from "../../sat/solver.js";
import { timeLimited } from "../../sat/time-limit.js";
import { seeds } from "../support/random-design.js";
import { holds, pigeons, randomCnf, satisfiable } from "./formulas.js";

/** Name, how to make it, how many formulas: every logic-solver starts a thread. */
const SOLVERS: readonly [string, () => Solver, number][] = [
  ["CDCL", createCdclSolver, 200],
  ["logic-solver", () => createLogicSolver(10_000), 8],
];

describe.each(SOLVERS)("%s", (_, create, count) => {
  test("random formulas, growing and under assumptions, are decided as trying everything does", () => {
    const found = { satisfiable: 0, unsatisfiable: 0, unknown: 0 };
    for (const seed of seeds(count)) {
      const random = new Random(seed);
      const cnf = randomCnf(seed);
      const solver = create();
      const added: Clause[] = [];
      for (let v = 0; v < cnf.variables; v++) solver.addVariable();
      for (let from = 0; from < cnf.clauses.length; from += 5) {
        for (const clause of cnf.clauses.slice(from, from + 5)) {
          solver.addClause(clause);
          added.push(clause);
        }
        const assumptions = Array.from(
          { length: random.below(4) },
          () => (1 + random.below(cnf.variables)) * (random.below(2) === 1 ? 1 : -1),
        );
        const answer = solver.solve({ assumptions });
        const expected = satisfiable({ ...cnf, clauses: added }, assumptions);
        expect(answer.tag, `seed ${seed}`).toBe(expected ? "satisfiable" : "unsatisfiable");
        found[answer.tag]++;
        if (expected) {
          const all = [...added, ...assumptions.map((literal) => [literal])];
          expect(
            holds(all, (v) => solver.value(v)),
            `seed ${seed}`,
          ).toBe(true);
        } else {
          const failed = solver.failedAssumptions();
          expect(failed.every((literal) => assumptions.includes(literal))).toBe(true);
          expect(satisfiable({ ...cnf, clauses: added }, failed), `seed ${seed}`).toBe(false);
        }
      }
      solver.close();
    }
    expect(Math.min(found.satisfiable, found.unsatisfiable)).toBeGreaterThan(5);
  });

  test("contradictory units and the empty clause", () => {
    const solver = create();
    solver.addVariable();
    expect(solver.solve().tag).toBe("satisfiable");
    solver.addClause([1]);
    expect(solver.solve({ assumptions: [-1] }).tag).toBe("unsatisfiable");
    expect(solver.solve().tag).toBe("satisfiable");
    solver.addClause([-1]);
    expect(solver.solve().tag).toBe("unsatisfiable");
    expect(() => solver.addClause([2])).toThrow("internal error");
    solver.close();
  });
});

test("the solvers agree on formulas of up to 120 variables", () => {
  const found = { satisfiable: 0, unsatisfiable: 0 };
  // One thread for all formulas, each behind a variable of its own.
  const theirs = createLogicSolver(10_000);
  for (let v = 0; v < 120; v++) theirs.addVariable();
  for (const seed of seeds(40)) {
    const cnf = randomCnf(seed, 60, 120);
    const ours = createCdclSolver();
    addCnf(ours, cnf);
    const selected = theirs.addVariable();
    for (const clause of cnf.clauses) theirs.addClause([-selected, ...clause]);
    const [answer, reference] = [ours.solve(), theirs.solve({ assumptions: [selected] })];
    expect(answer, `seed ${seed}`).toEqual(reference);
    if (answer.tag === "satisfiable") expect(holds(cnf.clauses, (v) => ours.value(v))).toBe(true);
    if (answer.tag !== "unknown") found[answer.tag]++;
  }
  theirs.close();
  expect(Math.min(found.satisfiable, found.unsatisfiable)).toBeGreaterThan(5);
});

test("a hard formula: restarts, forgets clauses, and is unsatisfiable", () => {
  const solver = createCdclSolver();
  addCnf(solver, pigeons(8));
  expect(solver.solve()).toEqual({ tag: "unsatisfiable" });
  expect(solver.statistics!.restarts).toBeGreaterThan(10);
  expect(solver.statistics!.conflicts).toBeGreaterThan(2000);
});

test("a conflict budget, a cancel and the clock end a query as unknown; then the solver goes on", () => {
  const solver = timeLimited(createCdclSolver, 50)();
  addCnf(solver, pigeons(12));
  expect(solver.solve({ conflictBudget: 100 })).toEqual({ tag: "unknown", reason: "conflicts" });
  expect(solver.statistics!.conflicts).toBe(100);
  expect(solver.solve({ cancelled: () => true })).toEqual({ tag: "unknown", reason: "cancelled" });
  expect(solver.solve()).toEqual({ tag: "unknown", reason: "time" });
  expect(solver.solve({ assumptions: [1, 2], conflictBudget: 10_000 }).tag).toBe("unknown");
  expect(solver.solve({ assumptions: [1, 13] })).toEqual({ tag: "unsatisfiable" });
  expect([...solver.failedAssumptions()].sort()).toEqual([1, 13]);
});

test("decisions are restricted to the query's cone", () => {
  const solver = createCdclSolver();
  for (let v = 0; v < 1000; v++) solver.addVariable();
  // 3 = 1 and 2; the others are a formula that nothing here asks about.
  for (const clause of [
    [-3, 1],
    [-3, 2],
    [3, -1, -2],
    [500, 501],
    [-500, 501],
  ])
    solver.addClause(clause);
  expect(solver.solve({ assumptions: [-3], decisions: [1, 2, 3] }).tag).toBe("satisfiable");
  expect(solver.value(1) && solver.value(2)).toBe(false);
  expect(solver.statistics!.decisions).toBeLessThanOrEqual(2);
});

test("logic-solver: a query past its time limit is unknown, and the next one is answered", () => {
  const solver = createLogicSolver(2000);
  addCnf(solver, pigeons(12));
  expect(solver.solve()).toEqual({ tag: "unknown", reason: "time" });
  expect(solver.solve({ assumptions: [1, 13] })).toEqual({ tag: "unsatisfiable" });
  solver.close();
});

test("logic-solver: a query that needs more than its heap is unknown", () => {
  const solver = createLogicSolver(60_000);
  for (let v = 0; v < 4_000_000; v++) solver.addVariable();
  for (let v = 1; v < 3_999_999; v++) solver.addClause([v, -(v + 1), v + 2]);
  expect(solver.solve()).toEqual({ tag: "unknown", reason: "memory" });
  solver.close();
});
