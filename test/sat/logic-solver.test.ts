import { afterEach, expect, test } from "vitest";
import { Random } from "../../base/random.js";
import { createLogicSolver } from "../../sat/logic-solver/solver.js";
import type { Cnf, Solver } from "../../sat/solver.js";
import { seeds } from "../support/random-design.js";

let solver: Solver | undefined;
afterEach(() => solver?.close());

function randomCnf(seed: number): Cnf {
  const random = new Random(seed);
  const variables = 3 + random.below(8);
  const literal = (): number => (1 + random.below(variables)) * (random.below(2) === 1 ? 1 : -1);
  const clauses = Array.from({ length: Math.round(variables * (3 + 2.5 * random.uniform())) }, () => [
    literal(),
    literal(),
    literal(),
  ]);
  return { variables, clauses };
}

const holds = ({ clauses }: Cnf, value: (variable: number) => boolean): boolean =>
  clauses.every((clause) => clause.some((literal) => value(Math.abs(literal)) === literal > 0));

test("random formulas are decided as trying everything does", async () => {
  solver = createLogicSolver(10_000);
  const found = { satisfiable: 0, unsatisfiable: 0, unknown: 0 };
  for (const seed of seeds(60)) {
    const cnf = randomCnf(seed);
    const expected = Array.from({ length: 2 ** cnf.variables }, (_, p) => p).some((p) =>
      holds(cnf, (v) => ((p >> (v - 1)) & 1) === 1),
    );
    const result = await solver.solve(cnf);
    expect(result.tag, `seed ${seed}`).toBe(expected ? "satisfiable" : "unsatisfiable");
    if (result.tag === "satisfiable") expect(holds(cnf, (v) => result.model[v] === 1)).toBe(true);
    found[result.tag]++;
  }
  expect(Math.min(found.satisfiable, found.unsatisfiable)).toBeGreaterThan(5);
});

/** n + 1 pigeons in n holes: unsatisfiable, and hard for resolution. */
function pigeons(n: number): Cnf {
  const at = (pigeon: number, hole: number): number => 1 + pigeon * n + hole;
  const holes = Array.from({ length: n }, (_, h) => h);
  const clauses: number[][] = Array.from({ length: n + 1 }, (_, p) => holes.map((h) => at(p, h)));
  for (const h of holes)
    for (let p = 0; p <= n; p++) for (let q = 0; q < p; q++) clauses.push([-at(p, h), -at(q, h)]);
  return { variables: (n + 1) * n, clauses };
}

test("a query past its time limit is unknown, and the next one is answered", async () => {
  solver = createLogicSolver(600);
  expect(await solver.solve(pigeons(12))).toEqual({ tag: "unknown", reason: "time" });
  expect(await solver.solve(pigeons(3))).toEqual({ tag: "unsatisfiable" });
});

test("a query that needs more than the solver's heap is unknown", async () => {
  solver = createLogicSolver(60_000);
  const variables = 4_000_000;
  const clauses = Array.from({ length: variables - 2 }, (_, v) => [v + 1, -(v + 2), v + 3]);
  const result = await solver.solve({ variables, clauses });
  expect(result).toEqual({ tag: "unknown", reason: "memory" });
  expect((await solver.solve({ variables: 1, clauses: [[1]] })).tag).toBe("satisfiable");
});
