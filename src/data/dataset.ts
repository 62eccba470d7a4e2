/** A column of a data set before any hardware type is chosen for it. */
export type RawFeature =
  | {
      readonly kind: "number";
      readonly name: string;
      /** Unsigned width that the file format guarantees (8 for image bytes); undefined: look at the values. */
      readonly width?: number;
    }
  | {
      readonly kind: "category";
      readonly name: string;
      /** Every value of the training file, in order; samples hold indices into it, or -1 for others. */
      readonly categories: readonly string[];
    };

/** Labelled samples. */
export interface Samples {
  readonly count: number;
  /** Shape `[count, features]`, row-major, raw units. */
  readonly values: Values;
  /** Shape `[count]`, class indices. */
  readonly labels: Uint16Array;
}

/** Bytes stay bytes: 60,000 images take 47 MB. */
export type Values = Uint8Array | Float64Array;

export interface Dataset {
  readonly name: string;
  readonly features: readonly RawFeature[];
  readonly classNames: readonly string[];
  readonly train: Samples;
  readonly test: Samples;
  /** For images: rows, columns, or channels, rows, columns; features are in row-major order. */
  readonly shape?: readonly number[];
}

/** The chosen rows, in the order given. */
export function pick(samples: Samples, rows: ArrayLike<number>): Samples {
  const features = samples.count === 0 ? 0 : samples.values.length / samples.count;
  const size = rows.length * features;
  const values: Values = samples.values instanceof Uint8Array ? new Uint8Array(size) : new Float64Array(size);
  const picked = { count: rows.length, values, labels: new Uint16Array(rows.length) };
  for (let i = 0; i < rows.length; i++) {
    const from = rows[i]! * features;
    picked.values.set(samples.values.subarray(from, from + features), i * features);
    picked.labels[i] = samples.labels[rows[i]!]!;
  }
  return picked;
}

/** Features of an image, named by place: `r3c4`, with channels `ch0r3c4`. */
export function pixelFeatures(shape: readonly number[], width: number): RawFeature[] {
  const letters =
    shape.length === 3 ? ["ch", "r", "c"] : shape.length === 2 ? ["r", "c"] : shape.map((_, d) => `d${d}_`);
  const total = shape.reduce((product, n) => product * n, 1);
  return Array.from({ length: total }, (_, i) => {
    let rest = i;
    const at = shape.map(() => 0);
    for (let d = shape.length - 1; d >= 0; d--) {
      at[d] = rest % shape[d]!;
      rest = Math.floor(rest / shape[d]!);
    }
    return { kind: "number", name: at.map((n, d) => `${letters[d]}${n}`).join(""), width };
  });
}
