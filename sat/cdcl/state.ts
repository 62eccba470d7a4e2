import { ClauseArena } from "./clauses.js";
import { DecisionHeap } from "./decision-heap.js";
import { grown } from "./grow.js";
import { WatchLists } from "./watches.js";

/** What all parts of the solver work on: clauses, the trail of assignments, and per variable and literal arrays. */
export class SolverState {
  readonly clauses = new ClauseArena();
  readonly watches = new WatchLists();
  readonly heap = new DecisionHeap();
  /** Variables are 1..variables. */
  variables = 0;
  /** Per literal: 1 true, -1 false, 0 not assigned. */
  values = new Int8Array(64);
  /** Per variable: the level at which it was assigned. */
  level = new Int32Array(32);
  /** Per variable: the clause that implied it, 0 for decisions. */
  reason = new Int32Array(32);
  /** Per variable: the value it had last, which it is tried with next (phase saving). */
  phase = new Uint8Array(32);
  /** Per variable, scratch of the analysis; zero in between. */
  seen = new Uint8Array(32);
  /** Per variable: the number of the query that may decide it. */
  eligible = new Int32Array(32);
  query = 0;
  trail = new Int32Array(32);
  trailSize = 0;
  /** The trail up to here is propagated. */
  head = 0;
  /** Assignments of level 0 up to here are in the proof. */
  unitsLogged = 0;
  /** Length of the trail at the start of each level but 0. */
  readonly levelStart: number[] = [];

  addVariable(): number {
    const v = ++this.variables;
    this.heap.ensure(v);
    this.watches.ensure(2 * v + 2);
    if (v >= this.level.length) this.growVariables(v + 1);
    return v;
  }

  private growVariables(needed: number): void {
    this.values = grown(this.values, 2 * needed);
    this.level = grown(this.level, needed);
    this.reason = grown(this.reason, needed);
    this.phase = grown(this.phase, needed);
    this.seen = grown(this.seen, needed);
    this.eligible = grown(this.eligible, needed);
    this.trail = grown(this.trail, needed);
  }

  get decisionLevel(): number {
    return this.levelStart.length;
  }

  assign(literal: number, reason: number): void {
    this.values[literal] = 1;
    this.values[literal ^ 1] = -1;
    this.level[literal >>> 1] = this.levelStart.length;
    this.reason[literal >>> 1] = reason;
    this.trail[this.trailSize++] = literal;
  }

  startLevel(): void {
    this.levelStart.push(this.trailSize);
  }

  /** Undo all levels above `level`. */
  backtrack(level: number): void {
    if (this.levelStart.length <= level) return;
    const keep = this.levelStart[level]!;
    for (let k = this.trailSize - 1; k >= keep; k--) {
      const literal = this.trail[k]!;
      const v = literal >>> 1;
      this.values[literal] = 0;
      this.values[literal ^ 1] = 0;
      this.phase[v] = (literal & 1) ^ 1;
      if (this.eligible[v] === this.query) this.heap.insert(v);
    }
    this.trailSize = keep;
    this.head = keep;
    this.levelStart.length = level;
  }

  /** Let the first two literals of a clause watch it. */
  watch(ref: number): void {
    const { data } = this.clauses;
    const [first, second] = [data[ref + 2]!, data[ref + 3]!];
    const tagged = 2 * ref + (this.clauses.size(ref) === 2 ? 1 : 0);
    this.watches.push(first, second, tagged);
    this.watches.push(second, first, tagged);
  }
}
