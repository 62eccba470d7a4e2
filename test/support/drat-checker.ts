import type { Clause, Cnf } from "../../sat/solver.js";

/**
 * A forward checker of DRAT proofs that shares nothing with what writes them: every lemma must follow by reverse unit
 * propagation, or be a resolution asymmetric tautology on its first literal. Tests show that it takes CaDiCaL's proofs
 * and refuses damaged ones.
 *
 * @returns null for a proof that ends in the empty clause, else what is wrong with it.
 */
export function checkDrat(formula: Cnf, proof: string): string | null {
  const checker = new Checker(formula);
  for (const [index, line] of proof.split("\n").entries()) {
    const words = line.trim().split(/\s+/);
    if (words[0] === "" || words[0] === "c") continue;
    const deletes = words[0] === "d";
    const literals = words.slice(deletes ? 1 : 0).map(Number);
    if (literals.pop() !== 0 || !literals.every(Number.isInteger)) return `line ${index + 1}: not a clause`;
    if (deletes) {
      checker.remove(literals);
      continue;
    }
    if (!checker.follows(literals)) return `line ${index + 1}: ${line} does not follow`;
    if (literals.length === 0) return null;
    checker.add(literals);
  }
  return "there is no empty clause";
}

const keyOf = (clause: Clause): string => [...clause].sort((a, b) => a - b).join(" ");

class Checker {
  /** Clauses, null once removed; each is watched by its first two literals. */
  private readonly clauses: (number[] | null)[] = [];
  private readonly byKey = new Map<string, number[]>();
  private readonly watchers = new Map<number, number[]>();
  private readonly value = new Map<number, boolean>();
  private readonly trail: number[] = [];
  private contradiction = false;

  constructor({ clauses }: Cnf) {
    for (const clause of clauses) this.add(clause);
  }

  add(clause: Clause): void {
    const id = this.clauses.length;
    // Literals that are not false come first, so that the watches are good now and after going back to the units.
    const literals = [...new Set(clause)].sort((a, b) => Number(this.isFalse(a)) - Number(this.isFalse(b)));
    this.clauses.push(literals);
    const key = keyOf(literals);
    this.byKey.set(key, [...(this.byKey.get(key) ?? []), id]);
    for (const literal of literals.slice(0, 2)) this.watch(literal, id);
    const open = literals.filter((literal) => !this.isFalse(literal));
    if (open.length === 0) this.contradiction = true;
    else if (open.length === 1 && !this.isTrue(open[0]!)) this.contradiction ||= this.propagate([open[0]!]);
  }

  /** Units that follow from a removed clause stay, as in drat-trim: its text format has no way to take them back. */
  remove(clause: Clause): void {
    const ids = this.byKey.get(keyOf([...new Set(clause)])) ?? [];
    const id = ids.pop();
    if (id !== undefined) this.clauses[id] = null;
  }

  follows(clause: Clause): boolean {
    if (this.contradiction || this.refutes(clause)) return true;
    const pivot = clause[0];
    if (pivot === undefined) return false;
    return this.clauses.every((other) => {
      if (other === null || !other.includes(-pivot)) return true;
      return this.refutes([...clause, ...other.filter((literal) => literal !== -pivot)]);
    });
  }

  /** Does unit propagation refute that all literals of the clause are false? */
  private refutes(clause: Clause): boolean {
    if (clause.some((literal) => this.isTrue(literal) || clause.includes(-literal))) return true;
    const from = this.trail.length;
    const conflict = this.propagate(clause.filter((l) => !this.isFalse(l)).map((l) => -l));
    for (const literal of this.trail.splice(from)) this.value.delete(Math.abs(literal));
    return conflict;
  }

  private isTrue(literal: number): boolean {
    return this.value.get(Math.abs(literal)) === literal > 0;
  }

  private isFalse(literal: number): boolean {
    return this.value.get(Math.abs(literal)) === literal < 0;
  }

  private watch(literal: number, id: number): void {
    const list = this.watchers.get(literal);
    if (list === undefined) this.watchers.set(literal, [id]);
    else list.push(id);
  }

  private assign(literal: number): void {
    this.value.set(Math.abs(literal), literal > 0);
    this.trail.push(literal);
  }

  private propagate(units: Iterable<number>): boolean {
    let head = this.trail.length;
    for (const unit of new Set(units)) this.assign(unit);
    while (head < this.trail.length) {
      const falsified = -this.trail[head++]!;
      const watching = this.watchers.get(falsified) ?? [];
      const kept: number[] = [];
      let conflict = false;
      for (const id of watching) {
        const clause = this.clauses[id];
        if (clause === null || clause === undefined) continue;
        if (conflict || !this.moveWatch(clause, falsified, id)) kept.push(id);
        if (conflict) continue;
        const other = clause[0] === falsified ? (clause[1] ?? falsified) : clause[0]!;
        if (!clause.slice(0, 2).includes(falsified) || this.isTrue(other)) continue;
        if (this.isFalse(other)) conflict = true;
        else this.assign(other);
      }
      this.watchers.set(falsified, kept);
      if (conflict) return true;
    }
    return false;
  }

  /** Watch another literal that is not false in place of this one, if there is one and it is needed. */
  private moveWatch(clause: number[], falsified: number, id: number): boolean {
    const place = clause[0] === falsified ? 0 : 1;
    if (clause.length > 1 && this.isTrue(clause[1 - place]!)) return false;
    const found = clause.findIndex((literal, k) => k > 1 && !this.isFalse(literal));
    if (found < 0) return false;
    clause[place] = clause[found]!;
    clause[found] = falsified;
    this.watch(clause[place]!, id);
    return true;
  }
}
