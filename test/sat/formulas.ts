import { Random } from "../../base/random.js";
import type { Clause, Cnf } from "../../sat/solver.js";

/** A random formula of clauses with one to four literals, near where half of them are satisfiable. */
export function randomCnf(seed: number, smallest = 3, largest = 10): Cnf {
  const random = new Random(seed);
  const variables = smallest + random.below(largest - smallest + 1);
  const literal = (): number => (1 + random.below(variables)) * (random.below(2) === 1 ? 1 : -1);
  const length = (): number => [3, 3, 3, 3, 3, 3, 2, 4][random.below(8)]!;
  const clauses = Array.from({ length: Math.round(variables * (3 + 2.5 * random.uniform())) }, () =>
    Array.from({ length: length() }, literal),
  );
  return { variables, clauses };
}

export const holds = (clauses: readonly Clause[], value: (variable: number) => boolean): boolean =>
  clauses.every((clause) => clause.some((literal) => value(Math.abs(literal)) === literal > 0));

/** Whether some assignment satisfies the formula; tries them all. */
export function satisfiable({ variables, clauses }: Cnf, assumptions: Clause = []): boolean {
  const all = [...clauses, ...assumptions.map((literal) => [literal])];
  for (let p = 0; p < 2 ** variables; p++) if (holds(all, (v) => ((p >> (v - 1)) & 1) === 1)) return true;
  return false;
}

/** n + 1 pigeons in n holes: unsatisfiable, and hard for resolution. */
export function pigeons(n: number): Cnf {
  const at = (pigeon: number, hole: number): number => 1 + pigeon * n + hole;
  const holes = Array.from({ length: n }, (_, h) => h);
  const clauses: number[][] = Array.from({ length: n + 1 }, (_, p) => holes.map((h) => at(p, h)));
  for (const h of holes)
    for (let p = 0; p <= n; p++) for (let q = 0; q < p; q++) clauses.push([-at(p, h), -at(q, h)]);
  return { variables: (n + 1) * n, clauses };
}
