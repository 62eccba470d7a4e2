import { invariant } from "../../base/errors.js";
import type { ProofLog } from "../proof.js";
import type { Clause, SatAnswer, SatQuery, Solver, SolverStatistics } from "../solver.js";
import { analyze } from "./analyze.js";
import { failedAssumptions } from "./failed.js";
import { decodeLiteral, encodeLiteral } from "./literal.js";
import { propagate } from "./propagate.js";
import { reduceClauses } from "./reduce.js";
import { RestartPolicy } from "./restarts.js";
import { SolverState } from "./state.js";

const FIRST_LIMIT = 2000;
const LIMIT_STEP = 500;
/** Conflicts or decisions between two looks at `cancelled`. */
const CANCEL_INTERVAL = 1024;

const SATISFIABLE: SatAnswer = { tag: "satisfiable" };
const UNSATISFIABLE: SatAnswer = { tag: "unsatisfiable" };

/**
 * Our own solver: conflict-driven clause learning over typed arrays, after MiniSat (Eén and Sörensson, "An extensible
 * SAT-solver", 2003) with glue-based restarts and clause deletion. One technique a file.
 */
class CdclSolver implements Solver {
  readonly name = "dbnc CDCL 1";
  readonly statistics: SolverStatistics = {
    solves: 0,
    conflicts: 0,
    decisions: 0,
    propagations: 0,
    restarts: 0,
  };
  private readonly state = new SolverState();
  private readonly restarts = new RestartPolicy();
  /** False once the clauses alone are contradictory. */
  private consistent = true;
  private limit = FIRST_LIMIT;
  private model: Uint8Array = new Uint8Array(0);
  private trueInModel: number[] = [];
  private failed: number[] = [];

  constructor(private readonly proof: ProofLog | null) {}

  addVariable(): number {
    return this.state.addVariable();
  }

  addClause(clause: Clause): void {
    const { state } = this;
    const literals: number[] = [];
    let shortened = false;
    for (const dimacs of clause) {
      const literal = encodeLiteral(dimacs);
      invariant(literal >= 2 && literal >>> 1 <= state.variables, `a clause with literal ${dimacs}`);
      if (state.values[literal]! > 0 || literals.includes(literal ^ 1)) return;
      if (state.values[literal]! < 0) shortened = true;
      else if (!literals.includes(literal)) literals.push(literal);
    }
    if (!this.consistent) return;
    if (shortened) this.proof?.add(literals.map(decodeLiteral));
    this.install(literals, false, 0);
  }

  /** Put a clause to use at level 0, whatever its length. */
  private install(literals: number[], learnt: boolean, glue: number): void {
    const { state } = this;
    if (literals.length === 0) this.consistent = false;
    else if (literals.length === 1) state.assign(literals[0]!, 0);
    else state.watch(state.clauses.add(literals, learnt, glue));
  }

  solve(query: SatQuery = {}): SatAnswer {
    this.statistics.solves++;
    this.failed = [];
    if (!this.consistent) return UNSATISFIABLE;
    if (propagate(this.state) !== 0) return this.contradiction();
    this.forget();
    this.openQuery(query.decisions);
    const answer = this.search(query);
    if (answer.tag === "satisfiable") this.keepModel();
    this.state.backtrack(0);
    return answer;
  }

  /** Fill the heap with what this query may decide. */
  private openQuery(decisions: ArrayLike<number> | undefined): void {
    const { state } = this;
    state.query++;
    state.heap.clear();
    const count = decisions?.length ?? state.variables;
    for (let k = 0; k < count; k++) {
      const v = decisions === undefined ? k + 1 : decisions[k]!;
      state.eligible[v] = state.query;
      if (state.values[2 * v] === 0) state.heap.insert(v);
    }
  }

  private search({ assumptions = [], conflictBudget, cancelled }: SatQuery): SatAnswer {
    const { state, statistics } = this;
    const assumed = assumptions.map(encodeLiteral);
    const lastConflict = statistics.conflicts + (conflictBudget ?? Number.POSITIVE_INFINITY);
    let untilCancel = CANCEL_INTERVAL;
    for (;;) {
      const from = state.head;
      const conflict = propagate(state);
      statistics.propagations += state.trailSize - from;
      if (conflict !== 0) {
        statistics.conflicts++;
        if (state.decisionLevel === 0) return this.contradiction();
        this.learn(conflict);
        if (statistics.conflicts >= lastConflict) return { tag: "unknown", reason: "conflicts" };
      } else {
        if (this.restarts.due && state.decisionLevel > assumed.length) this.restart();
        const next = this.nextDecision(assumed);
        if (next === 0) return SATISFIABLE;
        if (next < 0) return UNSATISFIABLE;
      }
      if (--untilCancel > 0) continue;
      if (cancelled?.() === true) return { tag: "unknown", reason: "cancelled" };
      untilCancel = CANCEL_INTERVAL;
    }
  }

  private contradiction(): SatAnswer {
    this.consistent = false;
    this.proof?.add([]);
    return UNSATISFIABLE;
  }

  private learn(conflict: number): void {
    const { state } = this;
    const { literals, backjump, glue } = analyze(state, conflict);
    this.proof?.add(literals.map(decodeLiteral));
    state.backtrack(backjump);
    this.restarts.learnt(glue);
    const ref = literals.length === 1 ? 0 : state.clauses.add(literals, true, glue);
    if (ref !== 0) state.watch(ref);
    state.assign(literals[0]!, ref);
    state.heap.decay();
  }

  private restart(): void {
    this.statistics.restarts++;
    this.restarts.restarted();
    this.state.backtrack(0);
    this.forget();
  }

  /** Drop learnt clauses when there are too many; propagated level 0 only. */
  private forget(): void {
    if (this.state.clauses.learnts < this.limit) return;
    reduceClauses(this.state, this.proof);
    this.limit += LIMIT_STEP;
  }

  /** Decide on the next literal: 1 when one was, 0 when there is none left, -1 when an assumption is false. */
  private nextDecision(assumed: readonly number[]): -1 | 0 | 1 {
    const { state } = this;
    while (state.decisionLevel < assumed.length) {
      const literal = assumed[state.decisionLevel]!;
      const value = state.values[literal]!;
      if (value < 0) {
        this.fail(literal);
        return -1;
      }
      state.startLevel();
      if (value > 0) continue;
      state.assign(literal, 0);
      return 1;
    }
    for (let v = state.heap.pop(); v !== 0; v = state.heap.pop()) {
      if (state.values[2 * v] !== 0) continue;
      this.statistics.decisions++;
      state.startLevel();
      state.assign(2 * v + (state.phase[v] === 1 ? 0 : 1), 0);
      return 1;
    }
    return 0;
  }

  /** The clause that says why follows by unit propagation, so it goes into the proof. */
  private fail(refused: number): void {
    this.failed = failedAssumptions(this.state, refused).map(decodeLiteral);
    const tautology = this.failed.includes(decodeLiteral(refused ^ 1));
    if (!tautology) this.proof?.add(this.failed.map((literal) => -literal));
  }

  private keepModel(): void {
    const { state } = this;
    for (const v of this.trueInModel) this.model[v] = 0;
    this.trueInModel.length = 0;
    if (this.model.length <= state.variables) this.model = new Uint8Array(2 * state.variables + 2);
    for (let k = 0; k < state.trailSize; k++) {
      const literal = state.trail[k]!;
      if ((literal & 1) === 1) continue;
      this.model[literal >>> 1] = 1;
      this.trueInModel.push(literal >>> 1);
    }
  }

  value(variable: number): boolean {
    return this.model[variable] === 1;
  }

  failedAssumptions(): readonly number[] {
    return this.failed;
  }

  close(): void {}
}

/** @param proof hears every clause that is learnt or forgotten, null for none. */
export function createCdclSolver(proof: ProofLog | null = null): Solver {
  return new CdclSolver(proof);
}
