import { createRequire } from "node:module";
import { ExitCode, UserError } from "../../../base/errors.js";

/** The library, whichever build of it was found. */
export type Tensorflow = typeof import("@tensorflow/tfjs");

export interface LoadedTensorflow {
  readonly tf: Tensorflow;
  /** What computes: `tensorflow` is the native library, `wasm` and `cpu` are TensorFlow.js's own. */
  readonly backend: "tensorflow" | "wasm" | "cpu";
  /** Said to the user when a faster build could be had; null on the fastest. */
  readonly notice: string | null;
}

/** Builds around the native library, fastest first: none is installed with dbnc. */
const NATIVE = ["@tensorflow/tfjs-node-gpu", "@tensorflow/tfjs-node"];
const require = createRequire(import.meta.url);

/**
 * TensorFlow.js on the fastest backend that is installed: the native library, else WebAssembly, else plain JavaScript.
 *
 * @param backends the ones to look for, in this order.
 * @throws {UserError} if none is installed (exit code 4).
 */
export async function loadTensorflow(
  backends: readonly LoadedTensorflow["backend"][] = ["tensorflow", "wasm", "cpu"],
): Promise<LoadedTensorflow> {
  const failures: string[] = [];
  for (const backend of backends) {
    for (const name of backend === "tensorflow" ? NATIVE : ["@tensorflow/tfjs"]) {
      const tf = await load(name, backend, failures);
      if (tf !== undefined) return { tf, backend, notice: noticeOf(backend, failures) };
    }
  }
  throw new UserError(
    "engine/tensorflow",
    `train.engine: expected TensorFlow.js to be installed but found none${failures.map((f) => `; ${f}`).join("")}`,
    "npm install --save-optional @tensorflow/tfjs-node, or choose another engine",
    ExitCode.toolMissing,
  );
}

/** Load one build and make it compute on `backend`; what is installed but does not work is noted in `failures`. */
async function load(
  name: string,
  backend: LoadedTensorflow["backend"],
  failures: string[],
): Promise<Tensorflow | undefined> {
  try {
    const tf = require(name) as Tensorflow;
    if (backend === "wasm") require("@tensorflow/tfjs-backend-wasm");
    tf.enableProdMode();
    if (!(await tf.setBackend(backend))) throw new Error(`the ${backend} backend does not start`);
    return tf;
  } catch (error) {
    const missing = error instanceof Error && "code" in error && error.code === "MODULE_NOT_FOUND";
    if (!missing || isFound(name)) failures.push(`${name} does not load: ${firstLine(error)}`);
    return undefined;
  }
}

function isFound(name: string): boolean {
  try {
    return require.resolve(name) !== "";
  } catch {
    return false;
  }
}

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split("\n")[0]!;

function noticeOf(backend: LoadedTensorflow["backend"], failures: readonly string[]): string | null {
  if (backend === "tensorflow") return failures.length === 0 ? null : failures.join("; ");
  const found = failures.map((failure) => `; ${failure}`).join("");
  return `TensorFlow.js computes on its ${backend} backend; npm install --save-optional @tensorflow/tfjs-node (or -gpu) makes it faster${found}`;
}
