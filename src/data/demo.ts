import { Random } from "../../base/random.js";
import { type Dataset, pixelFeatures, type Samples } from "./dataset.js";

/** Digits 0 to 9, seven rows of five pixels each. */
const FONT = [
  [".###.", "#...#", "#..##", "#.#.#", "##..#", "#...#", ".###."],
  ["..#..", ".##..", "..#..", "..#..", "..#..", "..#..", ".###."],
  [".###.", "#...#", "....#", "...#.", "..#..", ".#...", "#####"],
  [".###.", "#...#", "....#", "..##.", "....#", "#...#", ".###."],
  ["...#.", "..##.", ".#.#.", "#..#.", "#####", "...#.", "...#."],
  ["#####", "#....", "####.", "....#", "....#", "#...#", ".###."],
  ["..##.", ".#...", "#....", "####.", "#...#", "#...#", ".###."],
  ["#####", "....#", "...#.", "...#.", "..#..", "..#..", "..#.."],
  [".###.", "#...#", "#...#", ".###.", "#...#", "#...#", ".###."],
  [".###.", "#...#", "#...#", ".####", "....#", "...#.", ".##.."],
];
/** Rows and columns of an image. */
const SIDE = 14;
const TRAIN = 5000;
const TEST = 1000;

/**
 * The built-in demo data: ten digit classes from a small bitmap font, shifted, sheared, thick or thin, with noise
 * and specks. Hard enough that accuracy says something (nearest neighbour: test/src/data/sets.test.ts).
 */
export function demoDataset(seed: number): Dataset {
  return {
    name: "demo",
    features: pixelFeatures([SIDE, SIDE], 8),
    classNames: FONT.map((_, digit) => `${digit}`),
    train: draw(TRAIN, Random.forPurpose(seed, "demo train")),
    test: draw(TEST, Random.forPurpose(seed, "demo test")),
    shape: [SIDE, SIDE],
  };
}

function draw(count: number, random: Random): Samples {
  const labels = Uint16Array.from({ length: count }, (_, s) => s % FONT.length);
  random.shuffle(labels);
  const values = new Uint8Array(count * SIDE * SIDE);
  labels.forEach((digit, s) => {
    drawDigit(FONT[digit]!, random, values.subarray(s * SIDE * SIDE, (s + 1) * SIDE * SIDE));
  });
  return { count, values, labels };
}

/** One digit: every font pixel is a soft disc at its sheared, scaled and shifted place. */
function drawDigit(font: readonly string[], random: Random, image: Uint8Array): void {
  const around = (middle: number, spread: number): number => middle + spread * (2 * random.uniform() - 1);
  const [shiftX, shiftY] = [around(0, 1.8), around(0, 1.5)];
  const [scaleX, scaleY] = [around(1.7, 0.35), around(1.5, 0.25)];
  const shear = around(0, 0.4);
  const radius = around(1.05, 0.35);
  const ink = around(190, 60);
  const middle = (SIDE - 1) / 2;
  const [discsX, discsY]: [number[], number[]] = [[], []];
  font.forEach((row, y) => {
    [...row].forEach((pixel, x) => {
      if (pixel !== "#") return;
      discsX.push(middle + shiftX + scaleX * (x - 2) + shear * (3 - y));
      discsY.push(middle + shiftY + scaleY * (y - 3));
    });
  });
  for (let at = 0; at < image.length; at++) {
    const nearest = nearestOf(discsX, discsY, at % SIDE, Math.floor(at / SIDE));
    const grey = ink * Math.min(1, Math.max(0, radius + 0.5 - nearest)) + 28 * random.normal();
    const speck = random.below(40) === 0 ? random.below(256) : grey;
    image[at] = Math.min(255, Math.max(0, Math.round(speck)));
  }
}

/** Distance of a pixel to the nearest disc's middle. A hot path: three million distances a data set. */
function nearestOf(discsX: readonly number[], discsY: readonly number[], px: number, py: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let d = 0; d < discsX.length; d++) {
    const [dx, dy] = [px - discsX[d]!, py - discsY[d]!];
    least = Math.min(least, dx * dx + dy * dy);
  }
  return Math.sqrt(least);
}
