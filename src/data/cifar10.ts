import { UserError } from "../../base/errors.js";
import type { Samples } from "./dataset.js";
import { readDataFile } from "./read-file.js";

/** Channels, rows, columns. */
export const CIFAR_SHAPE = [3, 32, 32] as const;
const PIXELS = 3 * 32 * 32;
const RECORD = 1 + PIXELS;

/** In label order (Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009). */
export const CIFAR_CLASSES = "airplane automobile bird cat deer dog frog horse ship truck".split(" ");

/** Whether a file is by its name one of CIFAR-10's binary version: its bytes begin as those of other forms may. */
export const isCifar10File = (path: string): boolean => /\.bin(\.gz)?$/.test(path);

/**
 * Read files of CIFAR-10's binary version: records of a label byte and 3,072 pixel bytes (red, green, blue planes).
 *
 * @throws {UserError} for a file that is not whole records, or a label above 9.
 */
export function readCifar10(paths: readonly string[]): Samples {
  const files = paths.map((path) => ({ path, bytes: readDataFile(path) }));
  const count = files.reduce((sum, { path, bytes }) => sum + recordsOf(path, bytes), 0);
  const values = new Uint8Array(count * PIXELS);
  const labels = new Uint16Array(count);
  let s = 0;
  for (const { path, bytes } of files) {
    for (let at = 0; at < bytes.length; at += RECORD, s++) {
      if (bytes[at]! > 9) {
        throw new UserError(
          "cifar/label",
          `${path}: expected a label from 0 to 9 at offset ${at} but found ${bytes[at]}`,
          "is this CIFAR-10's binary version?",
        );
      }
      labels[s] = bytes[at]!;
      values.set(bytes.subarray(at + 1, at + RECORD), s * PIXELS);
    }
  }
  return { count, values, labels };
}

function recordsOf(path: string, bytes: Uint8Array): number {
  if (bytes.length % RECORD === 0) return bytes.length / RECORD;
  const whole = Math.floor(bytes.length / RECORD);
  throw new UserError(
    "cifar/truncated",
    `${path}: expected records of ${RECORD} bytes but found ${bytes.length % RECORD} bytes at offset ${whole * RECORD}`,
    "the file is damaged or was cut off; fetch it again",
  );
}
