import { UserError } from "../../base/errors.js";

/**
 * The safetensors container: eight bytes of header length (little-endian), a JSON header, raw tensors. Python
 * reads it with `safetensors.numpy.load_file`. Tensors are little-endian, row-major and start at multiples of 8.
 */
export type TensorData = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float32Array | Float64Array;

export interface Tensor {
  readonly shape: readonly number[];
  readonly data: TensorData;
}

const DTYPES = {
  U8: Uint8Array,
  U16: Uint16Array,
  U32: Uint32Array,
  I32: Int32Array,
  F32: Float32Array,
  F64: Float64Array,
} as const;
type Dtype = keyof typeof DTYPES;

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);
const roundUp = (n: number): number => Math.ceil(n / 8) * 8;
const dtypeOf = (data: TensorData): Dtype =>
  (Object.keys(DTYPES) as Dtype[]).find((name) => data instanceof DTYPES[name])!;

/** Same tensors and metadata, same bytes. @throws {RangeError} if a shape does not fit its data. */
export function encodeSafetensors(
  tensors: Readonly<Record<string, Tensor>>,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let end = 0;
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    if (sizeOf(shape) !== data.length)
      throw new RangeError(`${name}: expected ${shape.join("x")} but found ${data.length}`);
    header[name] = { dtype: dtypeOf(data), shape, data_offsets: [end, end + data.byteLength] };
    end = roundUp(end + data.byteLength);
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const start = 8 + roundUp(json.length);
  const bytes = new Uint8Array(start + end).fill(0x20, 8 + json.length, start);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(start - 8), true);
  bytes.set(json, 8);
  for (const [name, { data }] of Object.entries(tensors)) {
    const { data_offsets: offsets } = header[name] as { data_offsets: [number, number] };
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), start + offsets[0]);
  }
  return bytes;
}

export interface Safetensors {
  readonly tensors: ReadonlyMap<string, Tensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** @throws {UserError} naming `where`, for anything that is not a safetensors file. */
export function decodeSafetensors(bytes: Uint8Array, where: string): Safetensors {
  const fail = (expected: string): never => {
    throw new UserError(
      "safetensors/format",
      `${where}: expected ${expected}`,
      "the file is damaged or not of dbnc's making",
    );
  };
  if (bytes.length < 8) fail(`at least 8 bytes but found ${bytes.length}`);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (length > bytes.length - 8) fail(`a header of ${length} bytes but found ${bytes.length - 8} bytes`);
  const header = parseHeader(bytes.subarray(8, 8 + length)) ?? fail("a JSON header but found something else");
  // A view that is no Buffer: slices of those share memory.
  const body = new Uint8Array(bytes.buffer, bytes.byteOffset + 8 + length, bytes.length - 8 - length);
  const tensors = new Map<string, Tensor>();
  for (const [name, entry] of Object.entries(header)) {
    if (name === "__metadata__") continue;
    tensors.set(
      name,
      readTensor(entry, body) ?? fail(`tensor "${name}" to lie in the file, whole and with a known type`),
    );
  }
  const metadata: Record<string, string> = {};
  for (const [key, value] of Object.entries(asObject(header["__metadata__"]) ?? {})) {
    metadata[key] = typeof value === "string" ? value : fail(`metadata "${key}" to be text`);
  }
  return { tensors, metadata };
}

const asObject = (value: unknown): Record<string, unknown> | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;

function parseHeader(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    return asObject(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)));
  } catch {
    return undefined;
  }
}

const isSize = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function readTensor(entry: unknown, body: Uint8Array): Tensor | undefined {
  const { dtype, shape, data_offsets: offsets } = asObject(entry) ?? {};
  if (typeof dtype !== "string" || !Object.hasOwn(DTYPES, dtype)) return undefined;
  if (!Array.isArray(shape) || !shape.every(isSize)) return undefined;
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isSize)) return undefined;
  const [from, to] = offsets as [number, number];
  const type = DTYPES[dtype as Dtype];
  if (from > to || to > body.length || to - from !== sizeOf(shape) * type.BYTES_PER_ELEMENT) return undefined;
  return { shape, data: new type(body.slice(from, to).buffer) };
}
