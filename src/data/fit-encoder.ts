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
  const columns = features.map((_, f) => columnOf(train, f, features.length));
  const types = features.map((feature, f) => chooseType(feature, columns[f]!, options.width));
  const codes = columns.map((column, f) => column.map((value) => quantise(types[f]!, value)).sort());
  const range = commonRange ? rangeOf(codes) : undefined;
  const bits = features.flatMap((_, feature) =>
    candidateBits(types[feature]!, codes[feature]!, options, range)
      .map((bit): EncoderBit => ({ feature, ...bit }))
      .filter((bit) => varies(bit, codes[feature]!, options.minimumVariation)),
  );
  return { features: features.map(({ name }, f) => ({ name, type: types[f]! })), bits };
}

function columnOf({ count, values }: Samples, feature: number, features: number): Float64Array {
  return Float64Array.from({ length: count }, (_, s) => values[s * features + feature]!);
}

function rangeOf(sorted: readonly Float64Array[]): readonly [number, number] {
  return sorted.reduce<[number, number]>(
    ([lo, hi], c) => [Math.min(lo, c[0]!), Math.max(hi, c.at(-1)!)],
    [Infinity, -Infinity],
  );
}

function chooseType(feature: RawFeature, values: Float64Array, width: number): HardwareType {
  if (feature.kind === "category") return { kind: "category", categories: feature.categories };
  if (feature.width !== undefined) return { kind: "fixed", signed: false, width: feature.width, scale: 1 };
  const [lowest, highest] = values.reduce(([lo, hi], v) => [Math.min(lo, v), Math.max(hi, v)], [
    Infinity,
    -Infinity,
  ] as [number, number]);
  if (lowest === 0 && highest === 1 && values.every(Number.isInteger)) return { kind: "boolean" };
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

function candidateBits(
  type: HardwareType,
  sorted: Float64Array,
  options: EncoderOptions,
  range?: readonly [number, number],
): Bit[] {
  if (type.kind === "category") return type.categories.map((_, value) => ({ test: "equals", value }));
  const values =
    type.kind === "boolean" ? [1] : thresholds(type, sorted, options, range ?? [sorted[0]!, sorted.at(-1)!]);
  return [...new Set(values)].sort((a, b) => a - b).map((value) => ({ test: "at-least", value }));
}

/** Thresholds in code units: a bit is 1 from there on. */
function thresholds(
  type: FixedType,
  sorted: Float64Array,
  options: EncoderOptions,
  [lowest, highest]: readonly [number, number],
): number[] {
  if (typeof options.thresholds !== "string") return options.thresholds.map((value) => quantise(type, value));
  const steps = Array.from({ length: options.bits }, (_, k) => (k + 1) / (options.bits + 1));
  if (options.thresholds === "uniform")
    return steps.map((share) => Math.ceil(lowest + share * (highest - lowest)));
  // Of a feature that is mostly at its minimum, such as a dark pixel, the rest is divided.
  const above = sorted.subarray(sorted.findIndex((code) => code > sorted[0]!));
  const divided = above.length < sorted.length / 2 ? above : sorted;
  return steps.map((share) => divided[Math.floor(share * divided.length)]!);
}

function varies({ test, value }: EncoderBit, codes: Float64Array, minimum: number): boolean {
  const ones = codes.reduce(
    (sum, code) => sum + Number(test === "equals" ? code === value : code >= value),
    0,
  );
  return Math.min(ones, codes.length - ones) > minimum * codes.length;
}
