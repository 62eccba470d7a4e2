import { checkCodes, type Encoder, encodeSamples } from "../ir/encoder.js";
import { MemoryPlan, PASS, type RunningKernels, SLOT } from "./kernels.js";
import { compileBytePacking, compileWordPacking, type PackingProgram } from "./packing.js";

/** Samples that the packing kernels take at once. */
const GROUP = 16;

/** Encode `count` samples, one pass at most, from number `from` on. */
export type PackPass = (from: number, count: number) => void;

/** How to pack codes of this type, or null where only `encodeSamples` can. */
export type Packer = (codes: ArrayLike<number>, running: RunningKernels) => PackPass | null;

/**
 * Plan both ways of packing an encoder's bits, from bytes and from 32-bit words.
 *
 * @param address shape `[bits]`: where the 64 bytes of each bit's pass go, or -1 for bits that nothing reads.
 */
export function placePacker(encoder: Encoder, address: Int32Array, plan: MemoryPlan): Packer {
  const features = encoder.features.length;
  // The packing of bytes reads sixteen at a time.
  const buffer = plan.reserve(4 * PASS * features + GROUP);
  const place = (program: PackingProgram | null) =>
    program === null
      ? null
      : {
          tests: plan.place(program.tests),
          tiles: plan.place(program.tiles),
          count: program.tiles.length / 3,
        };
  const bytes = place(compileBytePacking(encoder, address));
  const words = place(compileWordPacking(encoder, address));
  return (codes, { kernels, buffer: memory }) => {
    if (!(codes instanceof Uint8Array || codes instanceof Int32Array)) return null;
    const [placed, kernel] =
      codes instanceof Uint8Array ? [bytes, kernels.packBytes] : [words, kernels.packWords];
    if (placed === null) return null;
    const view =
      codes instanceof Uint8Array
        ? new Uint8Array(memory, buffer, PASS * features)
        : new Int32Array(memory, buffer, PASS * features);
    const row = features * codes.BYTES_PER_ELEMENT;
    return (from, count) => {
      view.set(codes.subarray(from * features, (from + count) * features));
      kernel(buffer, row, Math.ceil(count / GROUP), placed.tiles, placed.count, placed.tests);
    };
  };
}

/**
 * What `encodeSamples` does, in WebAssembly where codes are a `Uint8Array` or `Int32Array`.
 *
 * @param module compiled from `kernels.wasm`.
 */
export function encodeFast(
  module: WebAssembly.Module,
  encoder: Encoder,
  codes: ArrayLike<number>,
  samples: number,
): Uint32Array[] {
  checkCodes(encoder, codes, samples);
  const plan = new MemoryPlan();
  const slotWords = SLOT / 4;
  const slots = plan.reserve(SLOT * encoder.bits.length);
  const address = Int32Array.from(encoder.bits, (_, i) => slots + SLOT * i);
  const packer = placePacker(encoder, address, plan);
  const running = plan.instantiate(module);
  const pack = packer(codes, running);
  if (pack === null) return encodeSamples(encoder, codes, samples);
  const rows = encoder.bits.map(() => new Uint32Array(Math.ceil(samples / 32)));
  const packed = new Uint32Array(running.buffer, slots, slotWords * rows.length);
  for (let from = 0; from < samples; from += PASS) {
    const count = Math.min(PASS, samples - from);
    pack(from, count);
    copyRows(packed, rows, from / 32, count);
  }
  return rows;
}

/** The packed bits of a pass into their rows from word `from` on; what is past the last sample stays 0. */
function copyRows(packed: Uint32Array, rows: readonly Uint32Array[], from: number, count: number): void {
  const words = Math.ceil(count / 32);
  const last = count % 32 === 0 ? -1 : 2 ** (count % 32) - 1;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const at = (i * SLOT) / 4;
    for (let w = 0; w < words; w++) row[from + w] = packed[at + w]!;
    row[from + words - 1]! &= last;
  }
}
