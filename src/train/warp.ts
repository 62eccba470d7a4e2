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
  /** Share of the steps in which images are moved; the last ones see them as they are. */
  readonly until: number;
}

/** Maps that images are warped by; each image of a batch draws one. */
export const WARP_MAPS = 1024;
/** The map after those: it leaves images as they are. */
const UNMOVED = WARP_MAPS;

/** The step from which on images are left as they are. */
export const unmovedFrom = (options: WarpOptions | null, steps: number): number =>
  options === null ? steps : Math.round(options.until * steps);

/**
 * Images as quantised codes, and how to warp them before they are thresholded. Each pixel takes the code of its nearest
 * source pixel: interpolating would smooth the images, and the network would learn on others than it is used on (half
 * a point less on MNIST).
 */
export interface Warp {
  /** Shape `[samples, pixels]`. */
  readonly codes: Uint8Array;
  readonly pixels: number;
  /** Shape `[WARP_MAPS + 1, pixels]`: source of each pixel. */
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
  return {
    codes,
    pixels: encoder.features.length,
    maps: makeMaps(encoder.features.length, shape, options, seed),
    thresholds: Uint32Array.from(encoder.bits, ({ feature, value }) => (value << 24) | feature),
  };
}

/**
 * Random affine maps about the centre, the same for all channels; outside the image is its nearest pixel. The last map
 * moves nothing.
 */
function makeMaps(pixels: number, shape: readonly number[], options: WarpOptions, seed: number): Uint32Array {
  const [rows, columns] = shape.slice(-2) as [number, number];
  const random = Random.forPurpose(seed, "warp");
  const within = (bound: number): number => bound * (2 * random.uniform() - 1);
  const clamp = (place: number, size: number): number => Math.min(size - 1, Math.max(0, Math.round(place)));
  const maps = new Uint32Array((WARP_MAPS + 1) * pixels);
  for (let pixel = 0; pixel < pixels; pixel++) maps[UNMOVED * pixels + pixel] = pixel;
  for (let m = 0; m < WARP_MAPS; m++) {
    const angle = (within(options.rotate) * Math.PI) / 180;
    const [dx, dy, shear] = [within(options.shift), within(options.shift), within(options.shear)];
    const mirror = options.flip && random.below(2) === 1 ? -1 : 1;
    const [sx, sy] = [mirror * (1 + within(options.scale)), 1 + within(options.scale)];
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    for (let pixel = 0; pixel < pixels; pixel++) {
      const place = pixel % (rows * columns);
      const [x, y] = [(place % columns) - (columns - 1) / 2, Math.floor(place / columns) - (rows - 1) / 2];
      const column = clamp(sx * (cos * x - sin * y + shear * y) + dx + (columns - 1) / 2, columns);
      const row = clamp(sy * (sin * x + cos * y) + dy + (rows - 1) / 2, rows);
      maps[m * pixels + pixel] = pixel - place + row * columns + column;
    }
  }
  return maps;
}

/** The encoder bits of one warped sample, packed into `row` (bit `j` of word `w` is encoder bit `32 w + j`); a hot loop. */
export function warpSample(warp: Warp, sample: number, map: number, row: Uint32Array): void {
  const { codes, pixels, maps, thresholds } = warp;
  row.fill(0);
  const [image, from] = [sample * pixels, map * pixels];
  for (let i = 0; i < thresholds.length; i++) {
    const entry = thresholds[i]!;
    const source = maps[from + (entry & 0xffffff)]!;
    if (codes[image + source]! >= entry >>> 24) row[i >>> 5]! |= 1 << (i & 31);
  }
}
