import {
  type Absorbable,
  type Chain,
  type Counter,
  counterKey,
  NOTHING,
  type ReadoutStyle,
} from "./counter.js";

/** Positions of the longest chain: its cell is still checked on all input patterns within milliseconds. */
const LONGEST_CHAIN = 6;
/** A block of a chain costs no LUT, but of two ways with equally many LUTs the one with fewer blocks is better. */
const BLOCK_COST = 1 / 64;
const BLOCK_POSITIONS = 4;

const weight = (heights: readonly number[]): number => heights.reduce((sum, h, i) => sum + h * 2 ** i, 0);
const bitsFor = (value: number): number => Math.ceil(Math.log2(value + 1));

/** What is worked out once for every style and number of columns. */
function remembered(
  work: (style: ReadoutStyle, columns: number) => readonly Counter[],
): (style: ReadoutStyle, room: number) => readonly Counter[] {
  const libraries = new Map<string, readonly Counter[]>();
  return (style, room) => {
    const columns = Math.min(room, LONGEST_CHAIN + 1);
    const key = `${style.lutInputs} ${style.carry} ${columns}`;
    const library = libraries.get(key) ?? work(style, columns);
    libraries.set(key, library);
    return library;
  };
}

const allCounters = (style: ReadoutStyle, columns: number): Counter[] => [
  ...lutCounters(style.lutInputs, columns),
  ...chainCounters(style, columns),
];

/**
 * All counters worth using where `room` columns are left, the lowest one included: no output has a weight of
 * `2^room` or more, for sums are known to be less.
 */
export const countersFor = remembered((style, columns) => cheapest(allCounters(style, columns)));

/**
 * Those that take in votes of one kind in place of wires. A LUT in front of a chain reads one wire that is added and what is
 * counted, so a wide vote is counted alone.
 */
export const countersAbsorbing: Readonly<
  Record<Absorbable, (style: ReadoutStyle, room: number) => readonly Counter[]>
> = {
  wide: remembered((style, columns) =>
    cheapest(
      allCounters(style, columns)
        .filter(({ chain }) => chain !== null && countedInputs(chain.groups[0]!) === 1)
        .map((counter) => ({ ...counter, absorbs: { ...NOTHING, wide: 1 } })),
    ),
  ),
  narrow: remembered((style, columns) =>
    cheapest(
      allCounters(style, columns).flatMap((counter) => {
        const { chain, heights } = counter;
        const group = chain?.groups[0] ?? heights;
        const room = style.lutInputs - Number(chain !== null) - countedInputs(group);
        return Array.from({ length: Math.max(0, Math.min(group[0]!, room)) }, (_, n) => ({
          ...counter,
          absorbs: { ...NOTHING, narrow: n + 1 },
        }));
      }),
    ),
  ),
};

const countedInputs = (group: readonly number[]): number => group.reduce((sum, h) => sum + h, 0);

function cheapest(counters: readonly Counter[]): Counter[] {
  const best = new Map<string, Counter>();
  for (const counter of counters) {
    const key = `${counterKey(counter)} ${counter.absorbs.narrow}`;
    if (counter.cost < (best.get(key)?.cost ?? Number.POSITIVE_INFINITY)) best.set(key, counter);
  }
  return [...best.values()];
}

/** Counters of at most `inputs` inputs over three columns: one LUT an output. */
function lutCounters(inputs: number, room: number): Counter[] {
  const counters: Counter[] = [];
  for (let a = 2; a <= inputs; a++) {
    for (let b = 0; a + b <= inputs && (b === 0 || room > 1); b++) {
      for (let c = 0; a + b + c <= inputs && (c === 0 || (b > 0 && room > 2)); c++) {
        const heights = c > 0 ? [a, b, c] : b > 0 ? [a, b] : [a];
        const outputs = Math.min(room, bitsFor(weight(heights)));
        counters.push({ heights, outputs, chain: null, absorbs: NOTHING, cost: outputs });
      }
    }
  }
  return counters;
}

function chainCounters({ lutInputs, carry }: ReadoutStyle, room: number): Counter[] {
  if (carry === "none") return [];
  const groups: (readonly number[])[] = [[1]];
  if (carry === "lut") groups.push(...countedGroups(lutInputs - 1));
  const counters: Counter[] = [];
  const grow = (chain: readonly (readonly number[])[], positions: number): void => {
    for (const group of groups) {
      const length = positions + group.length;
      if (length > Math.min(room, LONGEST_CHAIN)) continue;
      // What a group counts past its own columns would be lost, unless those are the last.
      if (weight(group) >= 2 ** group.length && length < room) continue;
      const longer = [...chain, group];
      const carries = carry === "lut" ? [true] : [true, false];
      counters.push(...carries.map((carryIn) => chainCounter({ carryIn, groups: longer }, carry, room)));
      grow(longer, length);
    }
  };
  grow([], 0);
  return counters;
}

/**
 * Groups of one to three columns whose bits of the sum are functions of at most `inputs` inputs, those that count
 * about as many as they can. The shorter ones lose carries: they are for the last columns.
 */
function countedGroups(inputs: number): number[][] {
  const groups = [[3, 0], [inputs]];
  for (let b = 0; b < inputs; b++) {
    groups.push([inputs - b, b], [inputs - b, b, 0]);
    if (b < inputs - 1) groups.push([inputs - 1 - b, b, 0]);
  }
  return groups;
}

function chainCounter(chain: Chain, carry: "adder" | "lut", room: number): Counter {
  const positions = chain.groups.flat();
  const heights = positions.map((grouped, i) => grouped + 1 + Number(i === 0 && chain.carryIn));
  const outputs = Math.min(room, positions.length + 1);
  const ends = Number(outputs > positions.length);
  const used = positions.length + Number(chain.carryIn) + ends;
  const cost = carry === "adder" ? used : positions.length + BLOCK_COST * Math.ceil(used / BLOCK_POSITIONS);
  return { heights, outputs, chain, absorbs: NOTHING, cost };
}
