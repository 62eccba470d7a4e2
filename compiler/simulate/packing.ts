import type { Encoder, EncoderBit } from "../ir/encoder.js";

/** The encoder as `packBytes` or `packWords` runs it (assembly/pack.ts). */
export interface PackingProgram {
  /** Shape `[tests, 3]`: place of the feature, value, address of the bits. */
  readonly tests: Uint32Array;
  /** Shape `[tiles, 3]`: first feature, numbers of the two kinds of tests; one tile for all where codes are words. */
  readonly tiles: Uint32Array;
}

const TILE = 16;

/**
 * Plan the packing of codes that are bytes.
 *
 * @param address shape `[bits]`: where each bit's samples go, or -1 for bits that nothing reads.
 * @returns null if some value is no byte.
 */
export function compileBytePacking(encoder: Encoder, address: Int32Array): PackingProgram | null {
  const bits = readBits(encoder, address);
  if (bits.some(({ value }) => value < 0 || value > 255)) return null;
  const byTile = new Map<number, ReadBit[]>();
  for (const bit of bits) {
    const tile = Math.floor(bit.feature / TILE);
    const members = byTile.get(tile);
    if (members === undefined) byTile.set(tile, [bit]);
    else members.push(bit);
  }
  const tests: number[] = [];
  const tiles: number[] = [];
  for (const [tile, members] of byTile) {
    tiles.push(TILE * tile, ...pushTests(members, (feature) => (feature % TILE) * TILE, tests));
  }
  return { tests: Uint32Array.from(tests), tiles: Uint32Array.from(tiles) };
}

/** The same for codes of 32 bits; null if some value does not fit. */
export function compileWordPacking(encoder: Encoder, address: Int32Array): PackingProgram | null {
  const bits = readBits(encoder, address);
  if (bits.some(({ value }) => (value | 0) !== value)) return null;
  const tests: number[] = [];
  const counts = pushTests(bits, (feature) => 4 * feature, tests);
  return { tests: Uint32Array.from(tests), tiles: Uint32Array.of(0, ...counts) };
}

type ReadBit = EncoderBit & { readonly address: number };

const readBits = (encoder: Encoder, address: Int32Array): ReadBit[] =>
  encoder.bits.flatMap((bit, i) => (address[i]! < 0 ? [] : [{ ...bit, address: address[i]! }]));

/** Append the tests, `at-least` first. @returns how many of each kind. */
function pushTests(
  bits: readonly ReadBit[],
  place: (feature: number) => number,
  tests: number[],
): [least: number, equal: number] {
  const [least, equal] = [
    bits.filter(({ test }) => test === "at-least"),
    bits.filter(({ test }) => test === "equals"),
  ];
  for (const { feature, value, address } of [...least, ...equal]) tests.push(place(feature), value, address);
  return [least.length, equal.length];
}
