/**
 * A variable is a positive integer; a literal is `variable` or `-variable`, as in DIMACS.
 */
export type Clause = readonly number[];

/** A formula in conjunctive normal form over variables 1..variables. */
export interface Cnf {
  readonly variables: number;
  readonly clauses: readonly Clause[];
}

/** Why a solver gave no answer: its conflict budget, the caller, the wall clock, or its heap. */
export type UnknownReason = "conflicts" | "cancelled" | "time" | "memory";

/** A value, never an exception. */
export type SatAnswer =
  | { readonly tag: "satisfiable" }
  | { readonly tag: "unsatisfiable" }
  | { readonly tag: "unknown"; readonly reason: UnknownReason };

/** One question about the clauses added so far. */
export interface SatQuery {
  /** Literals that hold for this question only. */
  readonly assumptions?: Clause;
  /** Conflicts after which the answer is `unknown`; no bound when absent. */
  readonly conflictBudget?: number;
  /**
   * The variables to decide; all when absent. The answer `satisfiable` then means that these are assigned without
   * conflict, so it holds only if every such assignment extends to the other variables: true of a cone of gate
   * definitions that contains the fanins of each of its gates.
   */
  readonly decisions?: ArrayLike<number>;
  /** Asked now and then; `true` ends the query as `unknown`. */
  readonly cancelled?: () => boolean;
}

/** Totals since the solver was made. */
export interface SolverStatistics {
  solves: number;
  conflicts: number;
  decisions: number;
  propagations: number;
  restarts: number;
}

/** An incremental solver: clauses stay, questions come and go. Synchronous and deterministic. */
export interface Solver {
  /** Name and version, for certificates. */
  readonly name: string;
  /** Null for a solver that does not count. */
  readonly statistics: Readonly<SolverStatistics> | null;
  /** A new variable: 1, 2, 3 … */
  addVariable(): number;
  /** @throws {InvariantError} for a literal of no variable. */
  addClause(clause: Clause): void;
  solve(query?: SatQuery): SatAnswer;
  /** After `satisfiable`: is the variable true in the model? A variable that was not assigned reads as false. */
  value(variable: number): boolean;
  /** After `unsatisfiable`: assumptions that suffice for it; none when the clauses alone do. */
  failedAssumptions(): readonly number[];
  /** Free what it holds outside the heap (workers); it answers no more questions. */
  close(): void;
}

/** Makes a solver without clauses. */
export type SolverFactory = () => Solver;

/** Add a whole formula to a solver without variables. */
export function addCnf(solver: Solver, cnf: Cnf): void {
  for (let v = 0; v < cnf.variables; v++) solver.addVariable();
  for (const clause of cnf.clauses) solver.addClause(clause);
}
