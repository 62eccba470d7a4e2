import { type Counter, countersFor, type ReadoutStyle } from "./counter.js";

/** States kept of each height of the column in work. */
const BEAM = 48;

/** A way of adding up columns so far: linked backwards. */
interface State {
  /** Bits left in the column in work and those above it. */
  readonly heights: readonly number[];
  readonly cost: number;
  readonly rank: number;
  readonly before: State | null;
  readonly counter: Counter | null;
}

/** What removing one bit costs about, for ranking states that have got equally far. */
const priceOf = ({ lutInputs, carry }: ReadoutStyle): number =>
  carry === "lut" ? 0.6 : carry === "adder" ? 1.6 : lutInputs === 6 ? 1 : 2;

/**
 * Counters that bring every column down to one bit, cheap ones: a beam search, from the lowest column up.
 *
 * @param heights bits of each column; the sum is known to be less than `2^heights.length`.
 * @returns for each column the counters whose lowest column it is, in order; each takes bits that are there by then.
 */
export function planCounters(heights: readonly number[], style: ReadoutStyle): Counter[][] {
  const price = priceOf(style);
  const after = (state: State, cost: number, left: readonly number[], counter: Counter): State => ({
    heights: left,
    cost,
    rank: cost + price * left.reduce((sum, h) => sum + Math.max(0, h - 1), 0),
    before: state,
    counter,
  });
  let frontier: State[] = [{ heights, cost: 0, rank: 0, before: null, counter: null }];
  for (let column = 0; column < heights.length; column++) {
    const library = countersFor(style, heights.length - column);
    /** By height of the column in work: the best state of each distinct rest. */
    const buckets: Map<string, State>[] = [];
    const put = (state: State): void => {
      const height = state.heights[0]!;
      buckets[height] ??= new Map();
      const bucket = buckets[height];
      const key = state.heights.join();
      const held = bucket.get(key);
      if (held === undefined || state.cost < held.cost) bucket.set(key, state);
    };
    frontier.forEach(put);
    for (let height = buckets.length - 1; height > 1; height--) {
      for (const state of bestOf(buckets[height])) {
        for (const counter of library) {
          const left = applied(state.heights, counter);
          if (left !== null) put(after(state, state.cost + counter.cost, left, counter));
        }
      }
    }
    frontier = [...bestOf(buckets[0]), ...bestOf(buckets[1])].map((state) => ({
      heights: state.heights.slice(1),
      cost: state.cost,
      rank: state.rank,
      before: state,
      counter: null,
    }));
  }
  return countersOf(frontier.reduce((best, state) => (state.cost < best.cost ? state : best)));
}

const bestOf = (bucket: ReadonlyMap<string, State> | undefined): State[] =>
  bucket === undefined ? [] : [...bucket.values()].sort((x, y) => x.rank - y.rank).slice(0, BEAM);

/** What a counter leaves of columns of these heights, or null if they have too few bits. */
function applied(heights: readonly number[], counter: Counter): number[] | null {
  for (let i = 0; i < counter.heights.length; i++) if (counter.heights[i]! > heights[i]!) return null;
  return heights.map((h, i) => h - (counter.heights[i] ?? 0) + Number(i < counter.outputs));
}

/** Back from the last state; one without a counter ends a column, and the first begins it all. */
function countersOf(last: State): Counter[][] {
  const columns: Counter[][] = [];
  for (let state: State | null = last; state !== null; state = state.before) {
    if (state.counter === null) columns.unshift([]);
    else columns[0]!.unshift(state.counter);
  }
  return columns.slice(1);
}
