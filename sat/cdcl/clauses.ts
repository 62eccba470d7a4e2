import { grown } from "./grow.js";

/** Words before the literals of a clause. */
export const HEADER = 2;

/**
 * All clauses back to back in one array. A clause is named by its place, `ref` (never 0): word `ref` is
 * `2 * size + learnt`, word `ref + 1` is `2 * glue + used` for learnt clauses, then come the literals, of which the
 * first two are watched.
 */
export class ClauseArena {
  data = new Int32Array(1024);
  end = 1;
  /** Learnt clauses that are kept now. */
  learnts = 0;

  /** @param literals at least two. */
  add(literals: ArrayLike<number>, learnt: boolean, glue = 0): number {
    const ref = this.end;
    const size = literals.length;
    if (ref + HEADER + size > this.data.length) this.data = grown(this.data, ref + HEADER + size);
    this.data[ref] = 2 * size + (learnt ? 1 : 0);
    this.data[ref + 1] = 2 * glue + 1;
    for (let k = 0; k < size; k++) this.data[ref + HEADER + k] = literals[k]!;
    this.end += HEADER + size;
    if (learnt) this.learnts++;
    return ref;
  }

  size(ref: number): number {
    return this.data[ref]! >>> 1;
  }

  isLearnt(ref: number): boolean {
    return (this.data[ref]! & 1) === 1;
  }

  glue(ref: number): number {
    return this.data[ref + 1]! >>> 1;
  }

  /** The clause took part in a conflict. */
  touch(ref: number): void {
    this.data[ref + 1]! |= 1;
  }

  /** Whether it was touched since the last time that this was asked. */
  takeUsed(ref: number): boolean {
    const used = (this.data[ref + 1]! & 1) === 1;
    this.data[ref + 1]! &= ~1;
    return used;
  }

  next(ref: number): number {
    return ref + HEADER + this.size(ref);
  }

  literals(ref: number): Int32Array {
    return this.data.subarray(ref + HEADER, this.next(ref));
  }
}
