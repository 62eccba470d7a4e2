/** Element types of IDX: how to write one, and values at its limits. */
export const TYPES = {
  8: { bytes: 1, write: (v: DataView, at: number, x: number) => v.setUint8(at, x), values: [0, 7, 255] },
  9: { bytes: 1, write: (v: DataView, at: number, x: number) => v.setInt8(at, x), values: [-128, 0, 127] },
  11: {
    bytes: 2,
    write: (v: DataView, at: number, x: number) => v.setInt16(at, x),
    values: [-32768, 258, 32767],
  },
  12: {
    bytes: 4,
    write: (v: DataView, at: number, x: number) => v.setInt32(at, x),
    values: [-(2 ** 31), 66051, 2 ** 31 - 1],
  },
  13: {
    bytes: 4,
    write: (v: DataView, at: number, x: number) => v.setFloat32(at, x),
    values: [-1.5, 0.25, 1e10],
  },
  14: {
    bytes: 8,
    write: (v: DataView, at: number, x: number) => v.setFloat64(at, x),
    values: [-1.1, 0.1, 1e300],
  },
} as const;

/** An IDX file of a type code, shape and values. */
export function idx(
  code: keyof typeof TYPES,
  shape: readonly number[],
  values: readonly number[],
): Uint8Array {
  const { bytes, write } = TYPES[code];
  const start = 4 + 4 * shape.length;
  const file = new Uint8Array(start + values.length * bytes);
  const view = new DataView(file.buffer);
  file.set([0, 0, code, shape.length]);
  shape.forEach((n, d) => {
    view.setUint32(4 + 4 * d, n);
  });
  values.forEach((value, i) => {
    write(view, start + i * bytes, value);
  });
  return file;
}
