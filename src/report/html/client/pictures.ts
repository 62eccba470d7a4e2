import { bytesOf } from "./circuit.js";

/** Rows, columns and channels of an image whose features are channel by channel. */
export interface Picture {
  readonly rows: number;
  readonly columns: number;
  readonly channels: number;
}

/** The sizes of an image. @param shape rows, columns, or channels, rows, columns. */
export function pictureOf(shape: readonly number[]): Picture {
  const [rows, columns] = [shape.at(-2)!, shape.at(-1)!];
  return { rows, columns, channels: shape.length === 3 ? shape[0]! : 1 };
}

/** What draws on a canvas that is read back too. */
export function context2d(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  return canvas.getContext("2d", { willReadFrequently: true })!;
}

/** Show codes as an image, one pixel each. */
export function showCodes(
  canvas: HTMLCanvasElement,
  { rows, columns, channels }: Picture,
  codes: ArrayLike<number>,
  most: readonly number[],
): void {
  canvas.width = columns;
  canvas.height = rows;
  const image = new ImageData(columns, rows);
  const pixels = rows * columns;
  for (let p = 0; p < pixels; p++) {
    for (let c = 0; c < 3; c++) {
      const f = channels === 3 ? c * pixels + p : p;
      image.data[4 * p + c] = Math.round((255 * codes[f]!) / Math.max(1, most[f]!));
    }
    image.data[4 * p + 3] = 255;
  }
  context2d(canvas).putImageData(image, 0, 0);
}

/** Colour a map of bytes with the accent colour, deeper where more. */
export function showMap(canvas: HTMLCanvasElement): void {
  const bytes = new Uint8Array(bytesOf(canvas.dataset["map"]!));
  const accent = getComputedStyle(document.documentElement).getPropertyValue("--accent").trim();
  const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(accent.slice(at, at + 2), 16));
  const image = new ImageData(canvas.width, canvas.height);
  bytes.forEach((value, i) => {
    image.data.set([r!, g!, b!, value], 4 * i);
  });
  context2d(canvas).putImageData(image, 0, 0);
}

/** The drawing scaled so that its ink fits into 5/7 of the picture, its centre of mass in the middle, as MNIST's digits are. */
export function centred(pad: HTMLCanvasElement, small: HTMLCanvasElement): void {
  const { data, width, height } = context2d(pad).getImageData(0, 0, pad.width, pad.height);
  let [left, right, top, bottom, mass, x, y] = [width, -1, height, -1, 0, 0, 0];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const ink = data[4 * (row * width + column)]!;
      if (ink < 32) continue;
      [left, right] = [Math.min(left, column), Math.max(right, column)];
      [top, bottom] = [Math.min(top, row), Math.max(bottom, row)];
      [mass, x, y] = [mass + ink, x + ink * column, y + ink * row];
    }
  }
  const target = context2d(small);
  if (mass === 0) return;
  const scale = ((5 / 7) * small.width) / Math.max(right - left + 1, bottom - top + 1);
  const [dx, dy] = [small.width / 2 - (scale * x) / mass, small.height / 2 - (scale * y) / mass];
  target.drawImage(pad, dx, dy, scale * width, scale * height);
}
