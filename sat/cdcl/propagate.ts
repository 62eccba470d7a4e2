import { HEADER } from "./clauses.js";
import type { SolverState } from "./state.js";

/**
 * Assign all that follows by unit propagation over watched literals.
 *
 * @returns a clause that is false, or 0. The hot loop of the solver.
 */
export function propagate(state: SolverState): number {
  const { watches, values, trail } = state;
  const data = state.clauses.data;
  while (state.head < state.trailSize) {
    const falsified = trail[state.head++]! ^ 1;
    const start = watches.start[falsified]!;
    const end = start + watches.length[falsified]!;
    let pool = watches.pool;
    let kept = start;
    let conflict = 0;
    let i = start;
    while (i < end) {
      const blocker = pool[i]!;
      const tagged = pool[i + 1]!;
      i += 2;
      if (values[blocker]! > 0) {
        pool[kept++] = blocker;
        pool[kept++] = tagged;
        continue;
      }
      const ref = tagged >>> 1;
      let other = blocker;
      if ((tagged & 1) === 0) {
        const first = ref + HEADER;
        other = data[first]! ^ data[first + 1]! ^ falsified;
        if (values[other]! > 0) {
          pool[kept++] = other;
          pool[kept++] = tagged;
          continue;
        }
        const last = first + (data[ref]! >>> 1);
        let k = first + 2;
        while (k < last && values[data[k]!]! < 0) k++;
        if (k < last) {
          const found = data[k]!;
          data[first] = other;
          data[first + 1] = found;
          data[k] = falsified;
          watches.push(found, other, tagged);
          pool = watches.pool;
          continue;
        }
      }
      pool[kept++] = other;
      pool[kept++] = tagged;
      if (values[other]! < 0) {
        conflict = ref;
        break;
      }
      state.assign(other, ref);
    }
    if (kept !== i) pool.copyWithin(kept, i, end);
    watches.length[falsified] = kept - start + (end - i);
    if (conflict !== 0) {
      state.head = state.trailSize;
      return conflict;
    }
  }
  return 0;
}
