import type { Encoder } from "../ir/encoder.js";

/** The encoder as `packBytes` or `packWords` runs it (assembly/pack.ts). */
export interface PackingProgram {
  /** Shape `[tests, 3]`: place of the feature, value, address of the bits. */
  readonly tests: Uint32Array;
  /** Shape `[tiles, 3]`: first feature, numbers of the two kinds of tests; one tile for all where codes are words. */
  readonly tiles: Uint32Array;
}

/** Features of a tile. */
const TILE = 16;

/**
 * Plan the packing of codes that are bytes.
 *
 * @param address shape `[bits]`: where each bit's samples go, or -1 for bits that nothing reads.
 * @returns null if some value is no byte.
 */
export const compileBytePacking = (encoder: Encoder, address: Int32Array): PackingProgram | null =>
  compile(encoder, address, {
    fits: (value) => value >= 0 && value <= 255,
    tile: (feature) => TILE * Math.floor(feature / TILE),
    place: (feature) => TILE * (feature % TILE),
  });

/** The same for codes of 32 bits; null if some value does not fit. */
export const compileWordPacking = (encoder: Encoder, address: Int32Array): PackingProgram | null =>
  compile(encoder, address, {
    fits: (value) => (value | 0) === value,
    tile: () => 0,
    place: (feature) => 4 * feature,
  });

interface Layout {
  readonly fits: (value: number) => boolean;
  /** First feature of a feature's tile. */
  readonly tile: (feature: number) => number;
  /** Where a kernel finds the codes of a feature of a tile. */
  readonly place: (feature: number) => number;
}

function compile(
  { bits }: Encoder,
  address: Int32Array,
  { fits, tile, place }: Layout,
): PackingProgram | null {
  /** By tile, the tests of both kinds. */
  const byTile = new Map<number, { least: number[]; equal: number[] }>();
  for (let i = 0; i < bits.length; i++) {
    const { feature, test, value } = bits[i]!;
    if (address[i]! < 0) continue;
    if (!fits(value)) return null;
    const tests = byTile.get(tile(feature)) ?? { least: [], equal: [] };
    byTile.set(tile(feature), tests);
    (test === "at-least" ? tests.least : tests.equal).push(place(feature), value, address[i]!);
  }
  const all = [...byTile];
  return {
    tests: Uint32Array.from(all.flatMap(([, { least, equal }]) => [...least, ...equal])),
    tiles: Uint32Array.from(
      all.flatMap(([at, { least, equal }]) => [at, least.length / 3, equal.length / 3]),
    ),
  };
}
