import { type Absorbable, type Counter, NOTHING, type ReadoutStyle } from "./counter.js";
import { countersAbsorbing, countersFor } from "./counter-library.js";

/** States kept of each height of the column in work: fewer where columns of thousands of bits would take minutes. */
const beamFor = (bits: number): number => Math.max(16, Math.min(48, Math.floor(48_000 / bits)));

/** What is done next: a counter, or `null` for a vote that is made a wire by a LUT of its own. */
export type Step = Counter | null;

/** What a step costs, and what it takes of and gives to each column from the one in work up. */
interface Move {
  readonly step: Step;
  readonly cost: number;
  readonly takes: readonly number[];
  readonly gives: readonly number[];
}

/** A way of adding up columns so far: linked backwards. */
interface State {
  /** Bits left in the column in work and those above it. */
  readonly heights: readonly number[];
  readonly cost: number;
  readonly rank: number;
  readonly before: State | null;
  /** How it came from `before`; undefined where a column ended. */
  readonly step: Step | undefined;
}

/** What removing one bit costs about, for ranking states that have got equally far. */
const priceOf = ({ lutInputs, carry }: ReadoutStyle): number =>
  carry === "lut" ? 0.6 : carry === "adder" ? 1.6 : lutInputs === 6 ? 1 : 2;

/** A plan for one sum, in the order in which the steps are to be taken. */
export interface CounterPlan {
  /** Steps that take in votes, wide ones and then narrow ones; each takes one vote at least. */
  readonly absorbing: Readonly<Record<Absorbable, readonly Step[]>>;
  /** For each column the counters whose lowest column it is; each takes bits that are there by then. */
  readonly columns: readonly (readonly Counter[])[];
}

/**
 * Counters that bring every column down to one bit, cheap ones: a beam search. Votes that LUTs can take in come first,
 * then the columns from the lowest one up.
 *
 * @param heights bits of each column; the sum, votes to be taken in included, is known to be less than `2^heights.length`.
 * @param votes of weight 1 that can be taken in.
 */
export function planCounters(
  heights: readonly number[],
  style: ReadoutStyle,
  { wide, narrow }: Counter["absorbs"] = NOTHING,
): CounterPlan {
  const phases: readonly (readonly Move[])[] = [
    absorbingMoves("wide", style, heights.length),
    absorbingMoves("narrow", style, heights.length),
    ...heights.map((_, column) => countersFor(style, heights.length - column).map(plainMove)),
  ];
  const price = priceOf(style);
  const beam = beamFor(heights.reduce((sum, h) => sum + h, wide + narrow));
  let frontier: State[] = [
    { heights: [wide, narrow, ...heights], cost: 0, rank: 0, before: null, step: undefined },
  ];
  phases.forEach((moves, phase) => {
    // Every vote has to go; of a column one bit may stay.
    const stay = phase < ABSORBING ? 0 : 1;
    const buckets = descend(frontier, moves, price, beam, stay);
    frontier = buckets
      .slice(0, stay + 1)
      .flatMap((bucket) => bestOf(bucket, beam))
      .map((state) => ({
        heights: state.heights.slice(1),
        cost: state.cost,
        rank: state.rank,
        before: state,
        step: undefined,
      }));
  });
  return planOf(frontier.reduce((best, state) => (state.cost < best.cost ? state : best)));
}

const ABSORBING = 2;

const plainMove = (counter: Counter): Move => ({
  step: counter,
  cost: counter.cost,
  takes: counter.heights,
  gives: Array.from({ length: counter.outputs }, () => 1),
});

/** Moves of a phase that takes in votes of one kind; the columns above are the kinds still to come, then those of wires. */
function absorbingMoves(kind: Absorbable, style: ReadoutStyle, room: number): Move[] {
  const between = kind === "wide" ? [0] : [];
  const wire: Move = { step: null, cost: 1, takes: [1], gives: [0, ...between, 1] };
  const counters = countersAbsorbing[kind](style, room).map((counter): Move => {
    const [lowest, ...higher] = counter.heights;
    const taken = counter.absorbs[kind];
    return {
      step: counter,
      cost: counter.cost,
      takes: [taken, ...between, lowest! - taken, ...higher],
      gives: [0, ...between, ...Array.from({ length: counter.outputs }, () => 1)],
    };
  });
  return [wire, ...counters];
}

/** All that comes of states by moves while the column in work is higher than `stay`: states by its height. */
function descend(
  from: readonly State[],
  moves: readonly Move[],
  price: number,
  beam: number,
  stay: number,
): Map<string, State>[] {
  /** By height of the column in work: the best state of each distinct rest. */
  const buckets: Map<string, State>[] = [];
  const put = (
    heights: readonly number[],
    cost: number,
    { before, step }: Pick<State, "before" | "step">,
  ): void => {
    const height = heights[0]!;
    buckets[height] ??= new Map();
    const bucket = buckets[height];
    const key = String.fromCharCode(...heights);
    const held = bucket.get(key);
    if (held !== undefined && held.cost <= cost) return;
    const rank = cost + price * heights.reduce((sum, h) => sum + Math.max(0, h - 1), 0);
    bucket.set(key, { heights, cost, rank, before, step });
  };
  for (const state of from) put(state.heights, state.cost, state);
  for (let height = buckets.length - 1; height > stay; height--) {
    for (const state of bestOf(buckets[height], beam)) {
      for (const { step, cost, takes, gives } of moves) {
        const heights = moved(state.heights, takes, gives);
        if (heights !== null) put(heights, state.cost + cost, { before: state, step });
      }
    }
    // A column of thousands of bits has millions of states that are not among the best.
    buckets.length = height;
  }
  return buckets;
}

const bestOf = (bucket: ReadonlyMap<string, State> | undefined, beam: number): State[] =>
  bucket === undefined ? [] : [...bucket.values()].sort((x, y) => x.rank - y.rank).slice(0, beam);

/** What a move leaves of columns of these heights, or null if they have too few bits. */
function moved(
  heights: readonly number[],
  takes: readonly number[],
  gives: readonly number[],
): number[] | null {
  for (let i = 0; i < takes.length; i++) if (takes[i]! > heights[i]!) return null;
  return heights.map((h, i) => h - (takes[i] ?? 0) + (gives[i] ?? 0));
}

/** Back from the last state; one without a step ends a phase, and the first begins it all. */
function planOf(last: State): CounterPlan {
  const phases: Step[][] = [];
  for (let state: State | null = last; state !== null; state = state.before) {
    if (state.step === undefined) phases.unshift([]);
    else phases[0]!.unshift(state.step);
  }
  // The first state stands before all phases.
  const [wide, narrow, ...columns] = phases.slice(1);
  return { absorbing: { wide: wide!, narrow: narrow! }, columns: columns as Counter[][] };
}
