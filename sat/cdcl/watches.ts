import { grown } from "./grow.js";

const FIRST_CAPACITY = 4;

/**
 * For every literal the clauses that watch it, all lists in one pool. An entry is two words: the *blocker*, another
 * literal of the clause, whose truth makes looking at the clause unnecessary (Chaff's watched literals with MiniSat
 * 2.2's blockers), and `2 * ref + binary`.
 */
export class WatchLists {
  pool = new Int32Array(4096);
  private end = 0;
  /** Place of the list of each literal in the pool. */
  start = new Int32Array(64);
  /** Words in use. */
  length = new Int32Array(64);
  private capacity = new Int32Array(64);

  ensure(literals: number): void {
    if (literals <= this.start.length) return;
    this.start = grown(this.start, literals);
    this.length = grown(this.length, literals);
    this.capacity = grown(this.capacity, literals);
  }

  push(literal: number, blocker: number, tagged: number): void {
    const length = this.length[literal]!;
    if (length === this.capacity[literal]!) this.move(literal, length);
    const at = this.start[literal]! + length;
    this.pool[at] = blocker;
    this.pool[at + 1] = tagged;
    this.length[literal] = length + 2;
  }

  /** Move a full list to the end of the pool, with twice the room. Other lists stay where they are. */
  private move(literal: number, length: number): void {
    const capacity = Math.max(FIRST_CAPACITY, 2 * length);
    if (this.end + capacity > this.pool.length) this.pool = grown(this.pool, this.end + capacity);
    const from = this.start[literal]!;
    this.pool.copyWithin(this.end, from, from + length);
    this.start[literal] = this.end;
    this.capacity[literal] = capacity;
    this.end += capacity;
  }

  clear(): void {
    this.end = 0;
    this.length.fill(0);
    this.capacity.fill(0);
  }
}
