import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { builtUrl } from "../../base/built-url.js";
import { ExitCode, UserError } from "../../base/errors.js";
import { requireTool, runTool } from "./find-tool.js";

/**
 * In place of an output file: what the bundled program prints. Its files are written 4 KiB at a time, each time copied
 * whole, which takes minutes for a hundred megabytes.
 */
export const PRINTED = "-";

/** Files in, files out. */
export interface ToolRequest {
  /** The npm package that has the program as WebAssembly. */
  readonly bundle: string;
  readonly program: string;
  readonly args: readonly string[];
  /** Name to content. */
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  /** Files that the program writes. */
  readonly outputs: readonly string[];
}

/** Every output and what was printed, or what the program complained about. */
export type ToolAnswer =
  | { readonly outputs: Readonly<Record<string, Uint8Array>>; readonly log: string }
  | { readonly error: string };

export interface ToolFilesOptions {
  /** This machine's program instead of the package's. */
  readonly native: boolean;
  readonly signal: AbortSignal;
}

/** Run a program on files. @throws {UserError} with exit code 4 if it is missing or breaks. */
export const runOnFiles = (
  request: ToolRequest,
  { native, signal }: ToolFilesOptions,
): Promise<ToolAnswer> => (native ? runNative(request, signal) : runBundled(request, signal));

/** Bytes read and written up to which the worker that did it is kept: the program's memory stays with it. */
const KEPT = 4 << 20;
/**
 * A worker without work for each package. It has compiled the program already, which takes six times longer than a small
 * run of it; each run begins with new memory.
 */
const idle = new Map<string, Worker>();

/** In a worker, so that the terminal stays alive and the run can be stopped. */
function runBundled(request: ToolRequest, signal: AbortSignal): Promise<ToolAnswer> {
  const { bundle, program } = request;
  const broke = (reason: string): UserError =>
    new UserError(
      "tool/broke",
      `${program}: expected an answer but found: ${reason}`,
      `try --native with an installed ${program}`,
      ExitCode.toolMissing,
    );
  return new Promise((resolve, reject) => {
    const worker = takeWorker(bundle);
    const stop = (): void => end(() => reject(signal.reason));
    const settle = (): void => {
      signal.removeEventListener("abort", stop);
      worker.removeAllListeners();
    };
    const end = (then: () => void): void => {
      settle();
      void worker.terminate().then(then);
    };
    signal.addEventListener("abort", stop);
    worker.once("message", (answer: ToolAnswer) => {
      settle();
      giveBack(bundle, worker, bytesOf(request.files) + ("outputs" in answer ? bytesOf(answer.outputs) : 0));
      resolve(answer);
    });
    worker.once("error", (error) => end(() => reject(broke(error.message))));
    worker.once("exit", (code) => end(() => reject(broke(`it ended with code ${code}`))));
    worker.postMessage(request);
  });
}

function takeWorker(bundle: string): Worker {
  const worker = idle.get(bundle) ?? new Worker(builtUrl(import.meta.url, "wasm-worker.js"));
  idle.delete(bundle);
  worker.removeAllListeners();
  worker.ref();
  return worker;
}

function giveBack(bundle: string, worker: Worker, bytes: number): void {
  if (idle.has(bundle) || bytes > KEPT) {
    void worker.terminate();
    return;
  }
  idle.set(bundle, worker);
  worker.once("error", () => idle.delete(bundle));
  worker.once("exit", () => idle.delete(bundle));
  worker.unref();
}

const bytesOf = (files: Readonly<Record<string, string | Uint8Array>>): number =>
  Object.values(files).reduce((sum, { length }) => sum + length, 0);

async function runNative(
  { program, args, files, outputs }: ToolRequest,
  signal: AbortSignal,
): Promise<ToolAnswer> {
  const path = requireTool(program);
  const folder = mkdtempSync(join(tmpdir(), `dbnc-${program}-`));
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    const { status, output } = await runTool(path, args, { folder, seconds: 3600, signal });
    if (status !== 0) return { error: output.trim() };
    const missing = outputs.find((file) => !existsSync(join(folder, file)));
    if (missing !== undefined) return { error: `no ${missing} was written: ${output.trim()}` };
    const read = (file: string): Uint8Array => readFileSync(join(folder, file));
    return { log: output, outputs: Object.fromEntries(outputs.map((file) => [file, read(file)])) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
