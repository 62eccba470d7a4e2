import {
  codeRange,
  type Encoder,
  type EncoderBit,
  type FixedType,
  type HardwareType,
  quantise,
} from "../../compiler/ir/encoder.js";
import type { RawFeature, Samples } from "./dataset.js";

export interface EncoderOptions {
  /** Thermometer bits per numeric feature. */
  readonly bits: number;
  /** Uniform over the range, quantiles of the training values, or a list in raw units. */
  readonly thresholds: "uniform" | "quantile" | readonly number[];
  /** Port width of a feature whose values are not integers. */
  readonly width: number;
  /** Bits whose rarer value has at most this share of the samples are dropped. */
  readonly minimumVariation: number;
}

/** Widest port of an integer feature; wider ranges are scaled down. */
const MAXIMUM_WIDTH = 24;

/**
 * Choose a hardware type for every feature and the thresholds of its input bits, on training samples only.
 *
 * Every feature keeps its place on the interface; bits that never vary in training are dropped.
 *
 * @param commonRange spread uniform thresholds over the range of all features together, as images want it.
 */
export function fitEncoder(
  features: readonly RawFeature[],
  train: Samples,
  options: EncoderOptions,
  commonRange: boolean,
): Encoder {
  const values = histograms(train, features.length);
  const types = features.map((feature, f) => chooseType(feature, values[f]!, options.width));
  const codes = values.map((histogram, f) => quantised(types[f]!, histogram));
  const range = commonRange ? rangeOf(codes) : undefined;
  const bits = features.flatMap((_, feature) =>
    candidateBits(types[feature]!, codes[feature]!, options, range)
      .map((bit): EncoderBit => ({ feature, ...bit }))
      .filter((bit) => varies(bit, codes[feature]!, options.minimumVariation)),
  );
  return { features: features.map(({ name }, f) => ({ name, type: types[f]! })), bits };
}

type Range = readonly [lowest: number, highest: number];

/** The distinct values of a feature, ascending, and how many samples have each. */
interface Histogram {
  readonly values: readonly number[];
  readonly counts: readonly number[];
}

const sum = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);

function histograms({ count, values }: Samples, features: number): Histogram[] {
  const found = Array.from({ length: features }, () => new Map<number, number>());
  for (let s = 0, at = 0; s < count; s++) {
    for (let f = 0; f < features; f++, at++)
      found[f]!.set(values[at]!, (found[f]!.get(values[at]!) ?? 0) + 1);
  }
  return found.map(toHistogram);
}

function toHistogram(found: ReadonlyMap<number, number>): Histogram {
  const entries = [...found].sort(([a], [b]) => a - b);
  return { values: entries.map(([value]) => value), counts: entries.map(([, n]) => n) };
}

function quantised(type: HardwareType, { values, counts }: Histogram): Histogram {
  const found = new Map<number, number>();
  values.forEach((value, i) => {
    const code = quantise(type, value);
    found.set(code, (found.get(code) ?? 0) + counts[i]!);
  });
  return toHistogram(found);
}

const rangeOf = (codes: readonly Histogram[]): Range => [
  Math.min(...codes.map(({ values }) => values[0]!)),
  Math.max(...codes.map(({ values }) => values.at(-1)!)),
];

function chooseType(feature: RawFeature, { values }: Histogram, width: number): HardwareType {
  if (feature.kind === "category") return { kind: "category", categories: feature.categories };
  if (feature.width !== undefined) return { kind: "fixed", signed: false, width: feature.width, scale: 1 };
  const [lowest, highest] = [values[0]!, values.at(-1)!];
  if (lowest === 0 && highest === 1 && values.length === 2) return { kind: "boolean" };
  const whole = values.every(Number.isInteger) ? narrowest(lowest, highest) : undefined;
  return whole ?? fixedPoint(lowest, highest, width);
}

/** The narrowest integer type that holds a range, if it is narrow enough. */
function narrowest(lowest: number, highest: number): FixedType | undefined {
  const signed = lowest < 0;
  for (let width = 1; width <= MAXIMUM_WIDTH; width++) {
    const type: FixedType = { kind: "fixed", signed, width, scale: 1 };
    const [least, most] = codeRange(type);
    if (least <= lowest && highest <= most) return type;
  }
  return undefined;
}

/** The finest power-of-two scale at which a range fits into `width` bits. */
function fixedPoint(lowest: number, highest: number, width: number): FixedType {
  const signed = lowest < 0;
  const codes = signed ? 2 ** (width - 1) - 1 : 2 ** width - 1;
  const reach = Math.max(Math.abs(lowest), Math.abs(highest));
  let exponent = Math.ceil(Math.log2(Math.max(reach, 1e-300) / codes));
  if (Math.floor(reach / 2 ** exponent + 0.5) > codes) exponent++;
  return { kind: "fixed", signed, width, scale: 2 ** exponent };
}

type Bit = Pick<EncoderBit, "test" | "value">;

function candidateBits(type: HardwareType, codes: Histogram, options: EncoderOptions, range?: Range): Bit[] {
  if (type.kind === "category") return type.categories.map((_, value) => ({ test: "equals", value }));
  const values = type.kind === "boolean" ? [1] : thresholds(type, codes, options, range ?? rangeOf([codes]));
  return [...new Set(values)].sort((a, b) => a - b).map((value) => ({ test: "at-least", value }));
}

/** Thresholds in code units: a bit is 1 from there on. */
function thresholds(
  type: FixedType,
  codes: Histogram,
  options: EncoderOptions,
  [lowest, highest]: Range,
): number[] {
  if (typeof options.thresholds !== "string") {
    // One past the type's range is never reached; saturated, it would be.
    const reached = options.thresholds.filter((value) => value / type.scale < codeRange(type)[1] + 0.5);
    return reached.map((value) => quantise(type, value));
  }
  const steps = Array.from({ length: options.bits }, (_, k) => (k + 1) / (options.bits + 1));
  if (options.thresholds === "uniform")
    return steps.map((share) => Math.ceil(lowest + share * (highest - lowest)));
  // Of a feature that is mostly at its minimum, such as a dark pixel, the rest is divided.
  const total = sum(codes.counts);
  const passed = codes.counts[0]! > total / 2 ? codes.counts[0]! : 0;
  return steps.map((share) => valueAt(codes, passed + Math.floor(share * (total - passed))));
}

/** The value of the sample at a place in ascending order. */
function valueAt({ values, counts }: Histogram, place: number): number {
  let passed = 0;
  for (let i = 0; i < values.length; i++) {
    passed += counts[i]!;
    if (place < passed) return values[i]!;
  }
  return values.at(-1)!;
}

function varies({ test, value }: EncoderBit, { values, counts }: Histogram, minimum: number): boolean {
  const total = sum(counts);
  const ones = sum(counts.filter((_, i) => (test === "equals" ? values[i] === value : values[i]! >= value)));
  return Math.min(ones, total - ones) > minimum * total;
}
