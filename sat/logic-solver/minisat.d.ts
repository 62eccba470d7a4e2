/** MiniSat compiled to asm.js, the solver inside logic-solver (version pinned in package.json). */
declare module "logic-solver/minisat_wrapper.js" {
  export default class MiniSat {
    ensureVar(variable: number): void;
    /** False when the formula is already known to be unsatisfiable. */
    addClause(literals: readonly number[]): boolean;
    solve(): boolean;
    /** Solve with one variable assumed to be true. */
    solveAssuming(variable: number): boolean;
    /** Index 0 is null; then the value of every variable. */
    getSolution(): (boolean | null)[];
  }
}
