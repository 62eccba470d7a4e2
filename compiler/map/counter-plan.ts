import type { Absorbable, Counter, ReadoutStyle } from "./counter.js";
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

/** Bits of one weight: wires, and votes that LUTs can take in. */
export type ColumnHeight = Readonly<Record<Absorbable | "wires", number>>;

/**
 * Steps for a column, in order: those that take in its wide votes, then its narrow ones, each one at least, then counters whose
 * lowest column it is. Each takes bits that are there by then.
 */
export type ColumnPlan = Readonly<Record<Absorbable | "wires", readonly Step[]>>;

/** What is worked off of a column, in this order; a state's heights are listed so, column by column. */
const KINDS = ["wide", "narrow", "wires"] as const;

/**
 * Counters that bring every column down to one bit, cheap ones: a beam search, from the lowest column up.
 *
 * @param columns what each column has; the sum is known to be less than `2^columns.length`.
 */
export function planCounters(columns: readonly ColumnHeight[], style: ReadoutStyle): ColumnPlan[] {
  const price = priceOf(style);
  const heights = columns.flatMap((column) => KINDS.map((kind) => column[kind]));
  const beam = beamFor(heights.reduce((sum, h) => sum + h, 0));
  let frontier: State[] = [{ heights, cost: 0, rank: 0, before: null, step: undefined }];
  columns.forEach((_, column) => {
    for (const kind of KINDS) {
      // Every vote has to go; of wires one may stay.
      const stay = kind === "wires" ? 1 : 0;
      const buckets = descend(frontier, movesOf(kind, style, columns.length - column), price, beam, stay);
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
    }
  });
  return planOf(frontier.reduce((best, state) => (state.cost < best.cost ? state : best)));
}

/** Moves that work off one kind of a column's bits. @param room columns that are left. */
function movesOf(kind: (typeof KINDS)[number], style: ReadoutStyle, room: number): Move[] {
  const own = KINDS.length - 1 - KINDS.indexOf(kind);
  /** As a state lists what is left: wires of the column in work, then those of every column above it. */
  const atWires = (wires: readonly number[]): number[] => {
    const listed = Array.from({ length: own + 1 + KINDS.length * (wires.length - 1) }, () => 0);
    wires.forEach((n, i) => {
      listed[own + KINDS.length * i] = n;
    });
    return listed;
  };
  const library = kind === "wires" ? countersFor(style, room) : countersAbsorbing[kind](style, room);
  const moves = library.map((counter): Move => {
    const absorbed = kind === "wires" ? 0 : counter.absorbs[kind];
    const [lowest, ...higher] = counter.heights;
    const takes = atWires([lowest! - absorbed, ...higher]);
    takes[0]! += absorbed;
    const gives = atWires(Array.from({ length: counter.outputs }, () => 1));
    return { step: counter, cost: counter.cost, takes, gives };
  });
  const wire: Move = { step: null, cost: 1, takes: [1], gives: atWires([1]) };
  return kind === "wires" ? moves : [wire, ...moves];
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
function planOf(last: State): ColumnPlan[] {
  const phases: Step[][] = [];
  for (let state: State | null = last; state !== null; state = state.before) {
    if (state.step === undefined) phases.unshift([]);
    else phases[0]!.unshift(state.step);
  }
  // The first state stands before all phases.
  const [, ...worked] = phases;
  return Array.from({ length: worked.length / KINDS.length }, (_, column) => {
    const [wide, narrow, wires] = worked.slice(KINDS.length * column);
    return { wide: wide!, narrow: narrow!, wires: wires! };
  });
}
