import { invariant } from "../../base/errors.js";

/** Arguments of `packBytes` and `packWords` (assembly/pack.ts). */
type Pack = (
  codes: number,
  rowBytes: number,
  groups: number,
  tiles: number,
  count: number,
  tests: number,
) => void;

/** What assembly/index.ts exports; arguments are addresses and counts, as documented there. */
export interface SimulationKernels {
  evaluate(runs: number, count: number, gates: number): void;
  /** Slots with their complements to consecutive ones (assembly/gather.ts). */
  gather(sources: number, count: number, out: number): void;
  readonly packBytes: Pack;
  readonly packWords: Pack;
  score(program: number, classes: number, planes: number, indexBits: number, out: number): void;
  sums(program: number, classes: number, planes: number, out: number): void;
  weighFlips(job: number): void;
}

/** Kernels with a memory of their own. */
export interface RunningKernels {
  readonly kernels: SimulationKernels;
  readonly buffer: ArrayBuffer;
}

/** Bytes of a slot: one bit of every sample of a pass. */
export const SLOT = 64;
/** Samples of a pass. */
export const PASS = 8 * SLOT;

const PAGE = 65536;
/** Arrays begin at multiples of a cache line. */
const LINE = 64;
/** The kernels' own constants and scratch are below. */
const BASE = 4096;

/** Plans what lies where in a memory, then makes it. */
export class MemoryPlan {
  private top = BASE;
  private readonly placed: { readonly at: number; readonly words: Uint32Array }[] = [];

  /** Room for so many bytes, all 0. @returns its address. */
  reserve(bytes: number): number {
    const at = this.top;
    this.top = LINE * Math.ceil((at + bytes) / LINE);
    return at;
  }

  /** Room for an array, which will be copied there. @returns its address. */
  place(words: Uint32Array): number {
    const at = this.reserve(words.byteLength);
    this.placed.push({ at, words });
    return at;
  }

  /**
   * @param module compiled from `kernels.wasm`, which the build puts beside this file's JavaScript.
   * @throws {RangeError} if there is not that much memory.
   */
  instantiate(module: WebAssembly.Module): RunningKernels {
    const pages = Math.ceil(this.top / PAGE);
    const memory = new WebAssembly.Memory<ArrayBuffer>({ initial: pages, maximum: pages, shared: false });
    const { exports } = new WebAssembly.Instance(module, { env: { memory, abort } });
    const kernels = exports as unknown as SimulationKernels & { heapBase(): number };
    invariant(kernels.heapBase() <= BASE, "the kernels need more room for themselves");
    const all = new Uint32Array(memory.buffer);
    for (const { at, words } of this.placed) all.set(words, at / 4);
    return { kernels, buffer: memory.buffer };
  }
}

function abort(): never {
  throw new Error("a kernel aborted");
}
