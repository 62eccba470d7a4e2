import type { Random } from "../../base/random.js";
import type { Encoder } from "../../compiler/ir/encoder.js";

/**
 * Candidate fanins for `rows` gate inputs: every source is used equally often (give or take one), and no row names
 * a source twice.
 *
 * @returns shape `[rows, candidates]`, row-major.
 */
export function balancedCandidates(
  rows: number,
  candidates: number,
  sources: Uint32Array,
  random: Random,
): Uint32Array {
  const table = new Uint32Array(rows * candidates);
  const order = random.shuffle(sources.slice());
  let next = 0;
  for (let r = 0; r < rows; r++) {
    const row = table.subarray(r * candidates, (r + 1) * candidates);
    for (let c = 0; c < candidates; c++) {
      if (next === order.length) {
        random.shuffle(order);
        moveBack(order, row.subarray(0, c), candidates - c);
        next = 0;
      }
      row[c] = order[next++]!;
    }
  }
  return table;
}

/** Keep what the row has already out of the first `count` places of the order. */
function moveBack(order: Uint32Array, row: Uint32Array, count: number): void {
  const taken = new Set(row);
  let free = count;
  for (let i = 0; i < count; i++) {
    if (!taken.has(order[i]!)) continue;
    while (taken.has(order[free]!)) free++;
    [order[i], order[free]] = [order[free]!, order[i]!];
    free++;
  }
}

/**
 * Candidates of the first layer on images: those of both inputs of a gate lie within `radius` rows and columns of
 * one centre; centres go round the image, and among the bits there those used least are taken.
 *
 * @returns shape `[2, gates, candidates]`, row-major.
 */
export function localCandidates(
  gates: number,
  candidates: number,
  encoder: Encoder,
  shape: readonly number[],
  radius: number,
  random: Random,
): Uint32Array {
  const near = neighbourhoods(encoder, shape, radius, candidates).map(({ near }) => near);
  const used = new Uint32Array(encoder.bits.length);
  const table = new Uint32Array(2 * gates * candidates);
  let centres: number[] = [];
  for (let g = 0; g < gates; g++) {
    if (centres.length === 0) centres = random.shuffle(near.map((_, i) => i));
    const bits = near[centres.pop()!]!;
    for (const which of [0, 1]) {
      const order = bits
        .map((bit) => ({ bit, key: used[bit]! + random.uniform() }))
        .sort((x, y) => x.key - y.key);
      order.slice(0, candidates).forEach(({ bit }, c) => {
        table[(which * gates + g) * candidates + c] = bit;
        used[bit]!++;
      });
    }
  }
  return table;
}

/** Bits at one place of the image, and those within a radius of it. */
export interface Neighbourhood {
  readonly here: readonly number[];
  readonly near: readonly number[];
}

/** Every place that has encoder bits, with its neighbourhood; the radius grows until there are `wanted` bits. */
export function neighbourhoods(
  encoder: Encoder,
  shape: readonly number[],
  radius: number,
  wanted: number,
): Neighbourhood[] {
  const places = encoder.bits.map(({ feature }) => placeOf(feature, shape));
  const byPlace = new Map<string, number[]>();
  places.forEach((place, bit) => {
    const key = place.join();
    byPlace.set(key, [...(byPlace.get(key) ?? []), bit]);
  });
  return [...byPlace.values()].map((here) => ({
    here,
    near: neighbours(places[here[0]!]!, places, wanted, radius),
  }));
}

function placeOf(feature: number, shape: readonly number[]): [row: number, column: number] {
  const [rows, columns] = shape.slice(-2);
  const pixel = feature % (rows! * columns!);
  return [Math.floor(pixel / columns!), pixel % columns!];
}

/** Bits within `radius` of a centre; the radius grows until there are enough. */
function neighbours(
  centre: readonly number[],
  places: readonly (readonly number[])[],
  wanted: number,
  radius: number,
): number[] {
  for (let r = radius; ; r++) {
    const found = places.flatMap(([y, x], bit) =>
      Math.abs(y! - centre[0]!) <= r && Math.abs(x! - centre[1]!) <= r ? [bit] : [],
    );
    if (found.length >= Math.min(wanted, places.length)) return found;
  }
}
