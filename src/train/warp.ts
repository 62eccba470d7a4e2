import { UserError } from "../../base/errors.js";
import { Random } from "../../base/random.js";
import { codeRange } from "../../compiler/ir/encoder.js";
import type { TrainingData } from "./training-data.js";

/** How far training images are moved at random; each is a bound on both sides. */
export interface WarpOptions {
  /** Pixels, along both axes. */
  readonly shift: number;
  /** Degrees. */
  readonly rotate: number;
  /** Relative, along both axes. */
  readonly scale: number;
  /** Relative. */
  readonly shear: number;
  /** Mirror half of the images left to right. */
  readonly flip: boolean;
}

/** Maps that images are warped by; each image of a batch draws one. */
export const WARP_MAPS = 1024;

/**
 * Images as quantised codes, and how to warp them before they are thresholded: bilinear interpolation in eighths of a
 * pixel, all in integers, so that every engine gets the same bits.
 */
export interface Warp {
  /** Shape `[samples, pixels]`. */
  readonly codes: Uint8Array;
  readonly pixels: number;
  /** Pixels of one channel, and of one row of it. */
  readonly plane: number;
  readonly columns: number;
  /** Shape `[WARP_MAPS, plane]`: source pixel in bits 0..23, eighths to the right in 24..27, eighths below in 28..31. */
  readonly maps: Uint32Array;
  /** Shape `[encoder bits]`: pixel in bits 0..23, least code in 24..31. */
  readonly thresholds: Uint32Array;
}

/**
 * @param codes shape `[samples, pixels]`, as the encoder's features quantise.
 * @throws {UserError} unless the data are images of unsigned codes up to 255.
 */
export function makeWarp(data: TrainingData, codes: Uint8Array, options: WarpOptions, seed: number): Warp {
  const { encoder, shape } = data;
  const fits = encoder.features.every(({ type }) => codeRange(type)[0] === 0 && codeRange(type)[1] <= 255);
  if (shape === undefined || !fits || encoder.bits.some(({ test }) => test !== "at-least")) {
    throw new UserError(
      "train/augment",
      "train.augment: expected images of unsigned pixels of at most 8 bits but found other features",
      "leave train.augment out for this data",
    );
  }
  const [rows, columns] = shape.slice(-2) as [number, number];
  return {
    codes,
    pixels: encoder.features.length,
    plane: rows * columns,
    columns,
    maps: makeMaps(rows, columns, options, seed),
    thresholds: Uint32Array.from(encoder.bits, ({ feature, value }) => (value << 24) | feature),
  };
}

/** Random affine maps about the centre; what lies outside the image is its nearest pixel. */
function makeMaps(rows: number, columns: number, options: WarpOptions, seed: number): Uint32Array {
  const random = Random.forPurpose(seed, "warp");
  const maps = new Uint32Array(WARP_MAPS * rows * columns);
  const within = (bound: number): number => bound * (2 * random.uniform() - 1);
  for (let m = 0, at = 0; m < WARP_MAPS; m++) {
    const angle = (within(options.rotate) * Math.PI) / 180;
    const [dx, dy, shear] = [within(options.shift), within(options.shift), within(options.shear)];
    const mirror = options.flip && random.below(2) === 1 ? -1 : 1;
    const [sx, sy] = [mirror * (1 + within(options.scale)), 1 + within(options.scale)];
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const [x, y] = [column - (columns - 1) / 2, row - (rows - 1) / 2];
        const u = sx * (cos * x - sin * y + shear * y) + dx;
        const v = sy * (sin * x + cos * y) + dy;
        maps[at++] = mapEntry(u + (columns - 1) / 2, v + (rows - 1) / 2, rows, columns);
      }
    }
  }
  return maps;
}

function mapEntry(x: number, y: number, rows: number, columns: number): number {
  const eighths = (place: number, size: number): number =>
    Math.round(8 * Math.min(size - 1, Math.max(0, place)));
  const [right, down] = [eighths(x, columns), eighths(y, rows)];
  return (((down & 7) << 28) | ((right & 7) << 24) | ((down >> 3) * columns + (right >> 3))) >>> 0;
}

/** The encoder bits of one warped sample, packed into `row` (bit `j` of word `w` is encoder bit `32 w + j`). */
export function warpSample(warp: Warp, sample: number, map: number, row: Uint32Array): void {
  const { codes, pixels, plane, columns, maps, thresholds } = warp;
  const warped = new Uint8Array(pixels);
  for (let p = 0; p < pixels; p++) {
    const entry = maps[map * plane + (p % plane)]!;
    const [right, down] = [(entry >>> 24) & 15, entry >>> 28];
    const corner = sample * pixels + p - (p % plane) + (entry & 0xffffff);
    // A neighbour past the image has weight 0.
    const at = (offset: number): number => codes[corner + offset] ?? 0;
    const upper = at(0) * (8 - right) + at(1) * right;
    const lower = at(columns) * (8 - right) + at(columns + 1) * right;
    warped[p] = (upper * (8 - down) + lower * down + 32) >>> 6;
  }
  row.fill(0);
  thresholds.forEach((entry, i) => {
    if (warped[entry & 0xffffff]! >= entry >>> 24) row[i >>> 5]! |= 1 << (i & 31);
  });
}
