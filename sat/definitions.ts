import type { Solver } from "./solver.js";

/** Where clauses go: a solver, or a formula that is being written down. */
export type ClauseSink = Pick<Solver, "addClause">;

/**
 * `out ⇔ a ∧ b`, three clauses (Tseitin, "On the complexity of derivation in propositional calculus", 1968).
 */
export function defineAnd(sink: ClauseSink, out: number, a: number, b: number): void {
  sink.addClause([-out, a]);
  sink.addClause([-out, b]);
  sink.addClause([out, -a, -b]);
}

/** `out ⇔ a ⊕ b`, four clauses. */
export function defineXor(sink: ClauseSink, out: number, a: number, b: number): void {
  sink.addClause([-out, a, b]);
  sink.addClause([-out, -a, -b]);
  sink.addClause([out, -a, b]);
  sink.addClause([out, a, -b]);
}
