import { readFileSync } from "node:fs";
import { builtUrl } from "../../../base/built-url.js";

/** What `assembly/index.ts` exports, but for its constants. */
export interface Kernels {
  train(plan: number, thread: number, steps: number): void;
  measure(plan: number, thread: number, steps: number): void;
  decide(plan: number): void;
  heapBase(): number;
  scratchBytes(stride: number, candidates: number): number;
}

/** Compiled kernels and the layout of their records. */
export interface KernelModule {
  readonly module: WebAssembly.Module;
  /** Byte offset of a field, or size of a record. @throws {RangeError} for a name that `plan.ts` does not export. */
  readonly field: (name: string) => number;
  /** First byte of the memory that is free for use. */
  readonly base: number;
  /** Bytes of scratch that a thread needs. */
  readonly scratchBytes: (stride: number, candidates: number) => number;
}

export const instantiate = (module: WebAssembly.Module, memory: WebAssembly.Memory): Kernels =>
  new WebAssembly.Instance(module, { env: { memory, abort } }).exports as unknown as Kernels;

function abort(): never {
  throw new Error("a kernel aborted");
}

let compiled: KernelModule | undefined;

/** The kernels, compiled once a process. */
export function kernelModule(): KernelModule {
  compiled ??= compile();
  return compiled;
}

function compile(): KernelModule {
  const module = new WebAssembly.Module(readFileSync(builtUrl(import.meta.url, "kernels.wasm")));
  const probe = instantiate(module, new WebAssembly.Memory({ initial: 1, maximum: 65536, shared: true }));
  const exports = probe as unknown as Record<string, unknown>;
  return {
    module,
    base: probe.heapBase(),
    scratchBytes: probe.scratchBytes,
    field(name) {
      const constant = exports[name];
      if (!(constant instanceof WebAssembly.Global)) throw new RangeError(`kernels have no constant ${name}`);
      return constant.value as number;
    },
  };
}
