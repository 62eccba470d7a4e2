import { codeRange, type Encoder, type EncoderBit, featureOffsets, hardwareWidth } from "../../ir/encoder.js";
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
  const body = used.map((i) => `assign ${bitNet(i)} = ${test(encoder, offsets, encoder.bits[i]!)};`);
  const read = new Set(used.map((i) => encoder.bits[i]!.feature));
  const idle = encoder.features.flatMap(({ type }, f) =>
    read.has(f) ? [] : [slice(offsets[f]!, hardwareWidth(type))],
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

const slice = (offset: number, width: number): string =>
  width === 1 ? `features[${offset}]` : `features[${offset + width - 1}:${offset}]`;

function test(encoder: Encoder, offsets: Uint32Array, bit: EncoderBit): string {
  const { type } = encoder.features[bit.feature]!;
  const [lowest, highest] = codeRange(type);
  const width = hardwareWidth(type);
  const field = slice(offsets[bit.feature]!, width);
  if (bit.test === "equals")
    return bit.value < lowest || bit.value > highest ? "1'b0" : `(${field} == ${width}'d${bit.value})`;
  if (bit.value <= lowest) return "1'b1";
  if (bit.value > highest) return "1'b0";
  if (width === 1) return lowest < 0 ? `~${field}` : field;
  if (type.kind !== "fixed" || !type.signed) return `(${field} >= ${width}'d${bit.value})`;
  const constant = bit.value < 0 ? `-${width}'sd${-bit.value}` : `${width}'sd${bit.value}`;
  return `($signed(${field}) >= ${constant})`;
}
