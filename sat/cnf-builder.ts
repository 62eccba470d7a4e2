import type { Clause, Cnf } from "./solver.js";

/** Collects clauses; knows how AND and XOR are defined. */
export class CnfBuilder {
  private readonly clauses: Clause[] = [];

  /** @param variables how many there are; literals are ±1..±variables. */
  constructor(private readonly variables: number) {}

  add(clause: Clause): void {
    this.clauses.push(clause);
  }

  /** `out ⇔ a ∧ b`, three clauses. */
  defineAnd(out: number, a: number, b: number): void {
    this.clauses.push([-out, a], [-out, b], [out, -a, -b]);
  }

  /** `out ⇔ a ⊕ b`, four clauses. */
  defineXor(out: number, a: number, b: number): void {
    this.clauses.push([-out, a, b], [-out, -a, -b], [out, -a, b], [out, a, -b]);
  }

  finish(): Cnf {
    return { variables: this.variables, clauses: this.clauses };
  }
}
