import { UserError } from "../../../base/errors.js";
import { gibibytes } from "../memory.js";

/** WebAssembly addresses 4 GiB. */
const LIMIT = 4 * 2 ** 30;
const PAGE = 65536;

/** What the arena holds. */
export type ArenaArray = Uint8Array | Uint32Array | Int32Array | Float32Array;
type Constructor<T> = {
  new (buffer: ArrayBufferLike, at: number, length: number): T;
  BYTES_PER_ELEMENT: number;
};

/** An array in the arena. */
export interface Block<T> {
  /** Byte offset. */
  readonly at: number;
  /** Set once the arena has memory. */
  readonly view: () => T;
}

/**
 * One shared memory that TypeScript owns and the kernels work in: first everything is planned, then `commit` makes a
 * memory of just that size.
 */
export class Arena {
  private top: number;
  private made: WebAssembly.Memory | undefined;

  /** @param base first byte that may be used. */
  constructor(base: number) {
    this.top = Math.ceil(base / 64) * 64;
  }

  /** Plan an array, 64-byte aligned. */
  plan<T extends ArenaArray>(type: Constructor<T>, length: number): Block<T> {
    const at = this.top;
    this.top += Math.ceil((length * type.BYTES_PER_ELEMENT + 64) / 64) * 64;
    return { at, view: () => new type(this.memory.buffer, at, length) };
  }

  get memory(): WebAssembly.Memory {
    this.made ??= this.commit();
    return this.made;
  }

  /** @throws {UserError} if the memory is more than can be had. */
  private commit(): WebAssembly.Memory {
    const pages = Math.ceil(this.top / PAGE);
    try {
      if (this.top > LIMIT) throw new RangeError();
      return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    } catch {
      throw new UserError(
        "train/memory",
        `training: expected at most 4 GiB of memory to be needed and free but found ${gibibytes(this.top)}`,
        "choose smaller network.layers, network.candidates or train.batch",
      );
    }
  }
}
