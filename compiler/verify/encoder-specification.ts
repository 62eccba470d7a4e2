import { type Encoder, featureOffsets, hardwareWidth } from "../ir/encoder.js";
import { FALSE, type Literal, not, TRUE } from "../ir/literal.js";
import type { Netlist } from "../ir/netlist.js";
import { HASHING, NetlistBuilder } from "../ir/netlist-builder.js";

/**
 * What the encoder has to do, from raw feature bits to the chosen encoder bits, built independently of the Verilog.
 *
 * @param used the encoder bits that are outputs, in order.
 */
export function encoderSpecification(encoder: Encoder, used: readonly number[]): Netlist {
  const offsets = featureOffsets(encoder);
  const builder = new NetlistBuilder(offsets.at(-1)!, HASHING);
  const outputs = used.map((i) => {
    const { feature, test, value } = encoder.bits[i]!;
    const { type } = encoder.features[feature]!;
    const width = hardwareWidth(type);
    const field = Array.from({ length: width }, (_, k) => builder.input(offsets[feature]! + k));
    if (test === "equals") return equals(builder, field, value);
    // Two's complement is in numeric order once the sign bit is turned over.
    const bias = type.kind === "fixed" && type.signed ? 2 ** (width - 1) : 0;
    if (bias > 0) field[width - 1] = not(field[width - 1]!);
    return atLeast(builder, field, value + bias);
  });
  return builder.finish(outputs);
}

const bitOf = (value: number, k: number): boolean => Math.floor(value / 2 ** k) % 2 === 1;

function equals(builder: NetlistBuilder, field: readonly Literal[], value: number): Literal {
  if (value < 0 || value >= 2 ** field.length) return FALSE;
  return field.reduce<Literal>((all, bit, k) => builder.and(all, bitOf(value, k) ? bit : not(bit)), TRUE);
}

/** Unsigned `field >= value`, from the low bit up: equal so far counts as at least. */
function atLeast(builder: NetlistBuilder, field: readonly Literal[], value: number): Literal {
  if (value <= 0) return TRUE;
  if (value >= 2 ** field.length) return FALSE;
  return field.reduce<Literal>(
    (below, bit, k) => (bitOf(value, k) ? builder.and(bit, below) : builder.or(bit, below)),
    TRUE,
  );
}
