/**
 * A variable is a positive integer; a literal is `variable` or `-variable`, as in DIMACS.
 */
export type Clause = readonly number[];

/** A formula in conjunctive normal form over variables 1..variables. */
export interface Cnf {
  readonly variables: number;
  readonly clauses: readonly Clause[];
}

/** Why a solver gave no answer. */
export type UnknownReason = "time" | "memory" | "conflicts" | "cancelled";

/** A value, never an exception. `model[v]` is 1 when variable `v` is true (index 0 is unused). */
export type SatResult =
  | { readonly tag: "satisfiable"; readonly model: Uint8Array }
  | { readonly tag: "unsatisfiable" }
  | { readonly tag: "unknown"; readonly reason: UnknownReason };

export interface Solver {
  /** Name and version, for certificates. */
  readonly name: string;
  /** Decide one formula. */
  solve(cnf: Cnf): Promise<SatResult>;
  /** Free what the solver holds (workers); it answers no more queries. */
  close(): Promise<void>;
}
