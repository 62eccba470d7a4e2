import { z } from "zod";
import { UserError } from "../../base/errors.js";
import type { Encoder } from "../ir/encoder.js";
import type { Readout } from "../ir/readout.js";
import type { Safetensors, Tensor, TensorData } from "./safetensors.js";

/** What model and design files hold beside their tensors, as JSON texts in the safetensors metadata. */
const HardwareTypeSchema = z.discriminatedUnion("kind", [
  z
    .strictObject({
      kind: z.literal("fixed"),
      signed: z.boolean(),
      width: z.int().min(1).max(32),
      scale: z.number().gt(0),
    })
    .refine(({ signed, width }) => signed || width < 32, "unsigned features have at most 31 bits"),
  z.strictObject({ kind: z.literal("boolean") }),
  z.strictObject({ kind: z.literal("category"), categories: z.array(z.string()).min(1) }),
]);

const EncoderSchema = z.strictObject({
  features: z.array(z.strictObject({ name: z.string(), type: HardwareTypeSchema })),
  bits: z.array(
    z.strictObject({ feature: z.int().min(0), test: z.enum(["at-least", "equals"]), value: z.int() }),
  ),
});

type TensorOf = "U8" | "U32" | "I32" | "F32";
const TYPES = { U8: Uint8Array, U32: Uint32Array, I32: Int32Array, F32: Float32Array } as const;

/** Reads one file's parts and says what is wrong with them. */
export class FileReader {
  constructor(
    private readonly file: Safetensors,
    private readonly where: string,
  ) {}

  fail(expected: string): never {
    throw new UserError(
      "model/format",
      `${this.where}: expected ${expected}`,
      "the file is damaged or of another version",
    );
  }

  require(condition: boolean, expected: string): void {
    if (!condition) this.fail(expected);
  }

  json<T>(key: string, schema: z.ZodType<T>): T {
    const text = this.file.metadata[key] ?? this.fail(`metadata "${key}"`);
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      this.fail(`metadata "${key}" to be JSON`);
    }
    const result = schema.safeParse(value);
    return result.success
      ? result.data
      : this.fail(`metadata "${key}" as documented (${result.error.issues[0]!.message})`);
  }

  tensor<D extends TensorOf>(
    name: string,
    dtype: D,
    shape: readonly (number | null)[],
  ): InstanceType<(typeof TYPES)[D]> {
    const found: Tensor = this.file.tensors.get(name) ?? this.fail(`tensor "${name}"`);
    const fits =
      found.shape.length === shape.length && shape.every((n, i) => n === null || n === found.shape[i]);
    const data: TensorData = found.data;
    if (!fits || !(data instanceof TYPES[dtype])) {
      this.fail(`tensor "${name}" of shape [${shape.map((n) => n ?? "any").join(", ")}] and type ${dtype}`);
    }
    return data as InstanceType<(typeof TYPES)[D]>;
  }

  encoder(): Encoder {
    const encoder = this.json("encoder", EncoderSchema);
    for (const { feature } of encoder.bits)
      this.require(feature < encoder.features.length, "encoder bits to read features");
    return encoder;
  }

  /** @param votes number of votes there are. */
  readout(votes: number): Readout {
    const classNames = this.json("classes", z.array(z.string()).min(2));
    const offset = this.tensor("readout.offset", "I32", [classNames.length]);
    const start = this.tensor("readout.start", "U32", [classNames.length + 1]);
    const vote = this.tensor("readout.vote", "U32", [null]);
    const weight = this.tensor("readout.weight", "I32", [vote.length]);
    const ascending = start.every((s, c) => c === 0 || s >= start[c - 1]!);
    this.require(
      ascending && start[0] === 0 && start.at(-1) === vote.length,
      "readout.start to rise from 0 to the number of terms",
    );
    this.require(
      vote.every((v) => v < votes),
      `readout.vote below ${votes}`,
    );
    this.require(
      weight.every((w) => w !== 0),
      "readout.weight without 0",
    );
    return { classNames, offset, start, vote, weight };
  }
}

/** The tensors of a readout. */
export const readoutTensors = ({ offset, start, vote, weight }: Readout): Record<string, Tensor> => ({
  "readout.offset": { shape: [offset.length], data: offset },
  "readout.start": { shape: [start.length], data: start },
  "readout.vote": { shape: [vote.length], data: vote },
  "readout.weight": { shape: [weight.length], data: weight },
});
