import type { Design } from "../ir/design.js";
import { hardwareWidth } from "../ir/encoder.js";

/**
 * The vector file: the number of samples, then a line for each with the raw feature vector and the expected class,
 * both hexadecimal.
 *
 * @param codes shape `[samples, features]`, row-major, quantised.
 * @param expected shape `[samples]`, class indices from the trainer's evaluator.
 */
export function vectorsText(
  { encoder }: Design,
  codes: ArrayLike<number>,
  expected: ArrayLike<number>,
): string {
  const widths = encoder.features.map(({ type }) => hardwareWidth(type));
  const digits = new Uint8Array(Math.ceil(widths.reduce((sum, width) => sum + width, 0) / 4));
  const decoder = new TextDecoder();
  const lines = [`${expected.length}`];
  for (let s = 0; s < expected.length; s++) {
    writeCodes(codes, s * widths.length, widths, digits);
    lines.push(`${decoder.decode(digits)} ${expected[s]!.toString(16)}`);
  }
  return `${lines.join("\n")}\n`;
}

/** Codes from `from` on side by side, the first one lowest, as the characters of a hexadecimal number. */
function writeCodes(
  codes: ArrayLike<number>,
  from: number,
  widths: readonly number[],
  digits: Uint8Array,
): void {
  let at = digits.length;
  let [pending, held] = [0, 0];
  for (let f = 0; f < widths.length; f++) {
    const [code, width] = [codes[from + f]!, widths[f]!];
    // Bits of a digit at a time; shifting keeps two's complement bits of negative codes.
    for (let k = 0, taken = 0; k < width; k += taken) {
      taken = Math.min(4 - held, width - k);
      pending |= ((code >> k) & ((1 << taken) - 1)) << held;
      held += taken;
      if (held < 4) continue;
      digits[--at] = characterOf(pending);
      pending = held = 0;
    }
  }
  if (held > 0) digits[--at] = characterOf(pending);
}

const characterOf = (digit: number): number => (digit < 10 ? 0x30 : 0x57) + digit;

export interface Vectors {
  /** Shape `[samples]` of `[features]` codes. */
  readonly codes: Int32Array;
  /** Shape `[samples]`; NaN where the file holds no number. */
  readonly expected: Float64Array;
}

/** Read a vector file back; null when it does not hold the samples that it announces. */
export function parseVectors({ encoder }: Design, text: string): Vectors | null {
  const [head, ...lines] = text.trimEnd().split("\n");
  if (!/^\d+$/.test(head ?? "") || Number(head) !== lines.length || lines.length === 0) return null;
  const types = encoder.features.map(({ type }) => ({
    width: hardwareWidth(type),
    signed: type.kind === "fixed" && type.signed,
  }));
  const digits = Math.ceil(types.reduce((sum, { width }) => sum + width, 0) / 4);
  const codes = new Int32Array(lines.length * types.length);
  const expected = new Float64Array(lines.length);
  for (const [s, line] of lines.entries()) {
    const fields = /^([0-9a-f]+) ([0-9a-f]+)$/.exec(line);
    if (fields === null || fields[1]!.length !== digits) return null;
    expected[s] = Number.parseInt(fields[2]!, 16);
    readCodes(fields[1]!, types, codes.subarray(s * types.length, (s + 1) * types.length));
  }
  return { codes, expected };
}

/** The fields of a hexadecimal number, the first one lowest. */
function readCodes(
  hex: string,
  types: readonly { readonly width: number; readonly signed: boolean }[],
  codes: Int32Array,
): void {
  let bit = 0;
  for (let f = 0; f < types.length; f++) {
    const { width, signed } = types[f]!;
    let code = 0;
    for (let k = 0, taken = 0; k < width; k += taken, bit += taken) {
      taken = Math.min(4 - (bit & 3), width - k);
      const character = hex.charCodeAt(hex.length - 1 - (bit >> 2));
      const digit = character < 0x3a ? character - 0x30 : character - 0x57;
      code |= ((digit >> (bit & 3)) & ((1 << taken) - 1)) << k;
    }
    codes[f] = signed ? (code << (32 - width)) >> (32 - width) : code;
  }
}
