import { type Encoder, type HardwareType, quantise } from "../../compiler/ir/encoder.js";
import type { Samples } from "./dataset.js";

const isByte = (type: HardwareType): boolean =>
  type.kind === "fixed" && !type.signed && type.width === 8 && type.scale === 1;

/**
 * The codes that arrive on the hardware's ports.
 *
 * @returns shape `[samples, features]`, row-major; the samples' own bytes where each is its code.
 */
export function quantiseSamples(encoder: Encoder, { count, values }: Samples): Uint8Array | Int32Array {
  const types = encoder.features.map(({ type }) => type);
  if (values instanceof Uint8Array && types.every(isByte)) return values;
  const codes = new Int32Array(count * types.length);
  for (let s = 0, at = 0; s < count; s++) {
    for (const type of types) {
      codes[at] = quantise(type, values[at]!);
      at++;
    }
  }
  return codes;
}
