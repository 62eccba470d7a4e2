import { readFileSync } from "node:fs";
import { builtUrl } from "../../base/built-url.js";

let compiled: WebAssembly.Module | undefined;

/** The kernels of compiler/simulate, compiled once a process. */
export function simulationModule(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(
    readFileSync(builtUrl(import.meta.url, "../../compiler/simulate/kernels.wasm")),
  );
  return compiled;
}
