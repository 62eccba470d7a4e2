import {
  codeRange,
  type Encoder,
  type EncoderBit,
  featureOffsets,
  type HardwareType,
  hardwareWidth,
} from "../../ir/encoder.js";
import { moduleText, vector } from "./module.js";
import { bitNet, type ModuleNames } from "./names.js";

/**
 * The encoder: raw feature vector in, thermometer and category bits out, one scalar port a bit.
 *
 * @param used encoder bits that the core reads, ascending; the others are not built.
 */
export function emitEncoder(
  encoder: Encoder,
  used: readonly number[],
  names: ModuleNames,
  comment: readonly string[],
): string {
  const offsets = featureOffsets(encoder);
  const body = used.map((i) => {
    const bit = encoder.bits[i]!;
    const { type } = encoder.features[bit.feature]!;
    const field = slice("features", offsets[bit.feature]!, hardwareWidth(type));
    return `assign ${bitNet(i)} = ${comparison(type, bit, field)};`;
  });
  const read = new Set(used.map((i) => encoder.bits[i]!.feature));
  const idle = encoder.features.flatMap(({ type }, f) =>
    read.has(f) ? [] : [slice("features", offsets[f]!, hardwareWidth(type))],
  );
  if (idle.length > 0) {
    body.push("// Part of the interface, but nothing depends on them.");
    body.push("wire unused_features;", "assign unused_features = &{", "  1'b0");
    body.push(...idle.map((bits) => `  , ${bits}`), "};");
  }
  return moduleText({
    comment,
    name: names.encoder,
    inputs: [vector(offsets.at(-1)!, "features")],
    outputs: used.map(bitNet),
    body,
  });
}

/** `width` bits of a vector from `offset` on. */
export const slice = (of: string, offset: number, width: number): string =>
  width === 1 ? `${of}[${offset}]` : `${of}[${offset + width - 1}:${offset}]`;

/** One encoder bit as a Verilog expression. @param field the expression of the feature's code, of the type's width. */
export function comparison(
  type: HardwareType,
  { test, value }: Pick<EncoderBit, "test" | "value">,
  field: string,
): string {
  const [lowest, highest] = codeRange(type);
  const width = hardwareWidth(type);
  if (test === "equals")
    return value < lowest || value > highest ? "1'b0" : `(${field} == ${width}'d${value})`;
  if (value <= lowest) return "1'b1";
  if (value > highest) return "1'b0";
  if (width === 1) return lowest < 0 ? `~${field}` : field;
  if (type.kind !== "fixed" || !type.signed) return `(${field} >= ${width}'d${value})`;
  const constant = value < 0 ? `-${width}'sd${-value}` : `${width}'sd${value}`;
  return `($signed(${field}) >= ${constant})`;
}
