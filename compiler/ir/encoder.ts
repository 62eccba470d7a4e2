/**
 * From raw features to the network's input bits.
 *
 * A feature has a *hardware type*: what arrives on its port. Software quantises by exactly the same rule, so
 * that every accuracy dbnc reports is the hardware's.
 */

/** `code = clamp(floor(value / scale + 1/2), lowest, highest)`; two's complement when signed. */
export interface FixedType {
  readonly kind: "fixed";
  readonly signed: boolean;
  /** Bits on the port, 1 to 32, unsigned to 31: codes are held as signed words of 32 bits. */
  readonly width: number;
  /** Raw units per least significant bit, positive. */
  readonly scale: number;
}

/** One wire: 1 when the raw value is not 0. */
export interface BooleanType {
  readonly kind: "boolean";
}

/** Code `k` stands for `categories[k]`; a value not listed gets code `categories.length` ("other"). */
export interface CategoryType {
  readonly kind: "category";
  readonly categories: readonly string[];
}

export type HardwareType = FixedType | BooleanType | CategoryType;

/** Bits that a feature takes on the hardware interface. */
export function hardwareWidth(type: HardwareType): number {
  switch (type.kind) {
    case "fixed":
      return type.width;
    case "boolean":
      return 1;
    case "category":
      return Math.max(1, Math.ceil(Math.log2(type.categories.length + 1)));
  }
}

/** The smallest and largest code of a type. */
export function codeRange(type: HardwareType): readonly [lowest: number, highest: number] {
  if (type.kind === "fixed" && type.signed) return [-(2 ** (type.width - 1)), 2 ** (type.width - 1) - 1];
  if (type.kind === "category") return [0, type.categories.length];
  return [0, 2 ** hardwareWidth(type) - 1];
}

/**
 * The code that software and hardware use for a raw value. Category values come as their index in
 * `categories` (or -1 when not listed).
 *
 * @throws {RangeError} if a number is not finite.
 */
export function quantise(type: HardwareType, value: number): number {
  if (!Number.isFinite(value)) throw new RangeError(`expected a finite number but found ${value}`);
  const [lowest, highest] = codeRange(type);
  switch (type.kind) {
    case "fixed":
      return Math.min(highest, Math.max(lowest, Math.floor(value / type.scale + 0.5)));
    case "boolean":
      return value === 0 ? 0 : 1;
    case "category":
      return value < 0 || value >= highest ? highest : value;
  }
}

export interface Feature {
  readonly name: string;
  readonly type: HardwareType;
}

/** One input bit of the network: `code >= value` (a thermometer step) or `code == value` (one category). */
export interface EncoderBit {
  readonly feature: number;
  readonly test: "at-least" | "equals";
  readonly value: number;
}

/**
 * Every feature stays on the hardware interface, also one that no bit reads (it never varied in the training
 * data). Feature `f` occupies bits `[offset, offset + width)` of the raw input vector, in feature order from
 * bit 0 (`featureOffsets`).
 */
export interface Encoder {
  readonly features: readonly Feature[];
  readonly bits: readonly EncoderBit[];
}

/** First bit of every feature in the raw input vector, and the vector's width as the last entry. */
export function featureOffsets(encoder: Encoder): Uint32Array {
  const offsets = new Uint32Array(encoder.features.length + 1);
  encoder.features.forEach((feature, f) => {
    offsets[f + 1] = offsets[f]! + hardwareWidth(feature.type);
  });
  return offsets;
}

/**
 * The network's input bits for many samples, 32 to a word.
 *
 * @param codes shape `[samples, features]`, row-major, quantised.
 * @returns shape `[bits][ceil(samples / 32)]`; bit `v` of word `w` is sample `32 w + v`; unused high bits are 0.
 */
export function encodeSamples(encoder: Encoder, codes: ArrayLike<number>, samples: number): Uint32Array[] {
  checkCodes(encoder, codes, samples);
  const features = encoder.features.length;
  return encoder.bits.map(({ feature, test, value }) => {
    const words = new Uint32Array(Math.ceil(samples / 32));
    for (let s = 0, at = feature; s < samples; s++, at += features) {
      const code = codes[at]!;
      if (test === "equals" ? code === value : code >= value) words[s >>> 5]! |= 1 << (s & 31);
    }
    return words;
  });
}

/** @throws {RangeError} unless there is a code for every feature of every sample. */
export function checkCodes(encoder: Encoder, codes: ArrayLike<number>, samples: number): void {
  const features = encoder.features.length;
  if (codes.length === samples * features) return;
  throw new RangeError(`expected ${samples} x ${features} codes but found ${codes.length}`);
}
