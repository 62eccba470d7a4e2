import { UserError } from "../../base/errors.js";
import { count } from "../../base/format.js";
import { readDataFile } from "./read-file.js";

/** An n-dimensional array from an IDX file (LeCun, "The MNIST database", file format section). */
export interface IdxArray {
  readonly dtype: IdxDtype;
  readonly shape: readonly number[];
  /** Row-major. */
  readonly values: Uint8Array | Float64Array;
}

const DTYPES = {
  8: { name: "u8", bytes: 1, read: (v: DataView, at: number) => v.getUint8(at) },
  9: { name: "i8", bytes: 1, read: (v: DataView, at: number) => v.getInt8(at) },
  11: { name: "i16", bytes: 2, read: (v: DataView, at: number) => v.getInt16(at) },
  12: { name: "i32", bytes: 4, read: (v: DataView, at: number) => v.getInt32(at) },
  13: { name: "f32", bytes: 4, read: (v: DataView, at: number) => v.getFloat32(at) },
  14: { name: "f64", bytes: 8, read: (v: DataView, at: number) => v.getFloat64(at) },
} as const;
export type IdxDtype = (typeof DTYPES)[keyof typeof DTYPES]["name"];

const hint = "the file is damaged or was cut off; fetch it again";

/** Read an IDX file, plain or gzipped. @throws {UserError} naming file and offset for anything else. */
export const readIdx = (path: string): IdxArray => parseIdx(readDataFile(path), path);

/** Read IDX bytes: any of the six element types, any rank from 1 on. */
export function parseIdx(bytes: Uint8Array, where: string): IdxArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4) {
    throw new UserError(
      "idx/truncated-header",
      `${where}: expected a 4-byte magic number at offset 0 but found ${bytes.length} bytes`,
      hint,
    );
  }
  if (bytes[0] !== 0 || bytes[1] !== 0) {
    const magic = view.getUint32(0).toString(16).padStart(8, "0");
    throw new UserError(
      "idx/magic",
      `${where}: expected an IDX magic number (0000....) at offset 0 but found ${magic}`,
      "is this an IDX file?",
    );
  }
  const type = DTYPES[bytes[2] as keyof typeof DTYPES];
  if (type === undefined) {
    throw new UserError(
      "idx/dtype",
      `${where}: expected element type 8, 9, 11, 12, 13 or 14 at offset 2 but found ${bytes[2]}`,
      hint,
    );
  }
  const shape = readShape(view, where);
  const start = 4 + 4 * shape.length;
  const total = shape.reduce((product, n) => product * n, 1);
  const expected = start + total * type.bytes;
  const layout = `${shape.map(count).join(" x ")} elements of ${type.name} (${count(expected)} bytes)`;
  if (bytes.length < expected) {
    throw new UserError(
      "idx/truncated",
      `${where}: expected ${layout} but found ${count(bytes.length)} bytes`,
      hint,
    );
  }
  if (bytes.length > expected) {
    const extra = `${count(bytes.length - expected)} more from offset ${count(expected)}`;
    throw new UserError("idx/trailing", `${where}: expected ${layout} but found ${extra}`, hint);
  }
  if (type.name === "u8") return { dtype: type.name, shape, values: bytes.subarray(start) };
  const values = new Float64Array(total);
  for (let i = 0; i < total; i++) {
    values[i] = type.read(view, start + i * type.bytes);
    if (!Number.isFinite(values[i])) {
      throw new UserError(
        "idx/not-finite",
        `${where}: expected finite numbers but found ${values[i]} at offset ${start + i * type.bytes}`,
        "clean the data",
      );
    }
  }
  return { dtype: type.name, shape, values };
}

function readShape(view: DataView, where: string): number[] {
  const rank = view.getUint8(3);
  if (rank === 0)
    throw new UserError("idx/rank", `${where}: expected at least 1 dimension at offset 3 but found 0`, hint);
  if (view.byteLength < 4 + 4 * rank) {
    throw new UserError(
      "idx/truncated-header",
      `${where}: expected ${rank} dimensions at offset 4 but found ${view.byteLength - 4} bytes`,
      hint,
    );
  }
  return Array.from({ length: rank }, (_, d) => {
    const size = view.getUint32(4 + 4 * d);
    if (size === 0)
      throw new UserError(
        "idx/no-elements",
        `${where}: expected a size above 0 at offset ${4 + 4 * d} but found 0`,
        hint,
      );
    return size;
  });
}

/** Read labels: one-dimensional, whole numbers from 0 to 65,535. */
export function readIdxLabels(path: string): Uint16Array {
  const { shape, values } = readIdx(path);
  if (shape.length !== 1) {
    throw new UserError(
      "idx/labels-rank",
      `${path}: expected labels with 1 dimension but found ${shape.length}`,
      "are images and labels swapped?",
    );
  }
  return Uint16Array.from(values, (label, i) => {
    if (Number.isInteger(label) && label >= 0 && label <= 0xffff) return label;
    throw new UserError(
      "idx/label",
      `${path}: expected labels from 0 to 65535 but found ${label} at index ${i}`,
      "mend the labels",
    );
  });
}
