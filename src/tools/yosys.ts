import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { version } from "@yowasp/yosys";
import { builtUrl } from "../../base/built-url.js";
import { ExitCode, UserError } from "../../base/errors.js";
import { requireTool, runTool, toolVersion } from "./find-tool.js";
import type { YosysAnswer, YosysRequest } from "./yosys-worker.js";

const OUTPUT = "netlist.json";

/** Read Verilog, turn processes and operators into simple gates, keep the hierarchy, write JSON. */
const scriptFor = (files: readonly string[], top: string): string =>
  [
    `read_verilog ${files.join(" ")}`,
    `hierarchy -check -top ${top}`,
    "proc",
    // Clock enables become pins of their registers.
    "opt_dff -nosdff -keepdc",
    // Compares with constants become a few gates each; techmap makes a hundred of each, ten times slower to read.
    "opt_expr -fine -keepdc",
    "techmap",
    "simplemap",
    "clean",
    `write_json ${OUTPUT}`,
  ].join("; ");

export interface YosysOptions {
  /** This machine's Yosys instead of the bundled one. */
  readonly native: boolean;
  readonly signal: AbortSignal;
}

/** Name and version of the Yosys that `readVerilog` uses. */
export async function yosysVersion(native: boolean): Promise<string> {
  if (native) return toolVersion(requireTool("yosys"), "-V");
  return `@yowasp/yosys ${version}`;
}

/**
 * What Yosys makes of Verilog files, as its JSON netlist.
 *
 * @param files name to text.
 * @returns the JSON text, or Yosys's complaint when it does not accept the files.
 * @throws {UserError} with exit code 4 if Yosys is missing or breaks.
 */
export async function readVerilog(
  files: ReadonlyMap<string, string>,
  top: string,
  options: YosysOptions,
): Promise<{ readonly output: string } | { readonly error: string }> {
  const script = scriptFor([...files.keys()], top);
  const answer = await runYosys({ files: Object.fromEntries(files), script, outputs: [OUTPUT] }, options);
  return "error" in answer ? answer : { output: answer.outputs[OUTPUT]! };
}

/** Run a script on files. @throws {UserError} with exit code 4 if Yosys is missing or breaks. */
export const runYosys = (request: YosysRequest, { native, signal }: YosysOptions): Promise<YosysAnswer> =>
  native ? runNative(request, signal) : runBundled(request, signal);

/** In a worker, so that the terminal stays alive and the run can be stopped. */
function runBundled(request: YosysRequest, signal: AbortSignal): Promise<YosysAnswer> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(builtUrl(import.meta.url, "yosys-worker.js"));
    const stop = (): void => settle(() => reject(signal.reason));
    const settle = (then: () => void): void => {
      signal.removeEventListener("abort", stop);
      worker.removeAllListeners();
      void worker.terminate().then(then);
    };
    signal.addEventListener("abort", stop);
    worker.once("message", (answer: YosysAnswer) => settle(() => resolve(answer)));
    worker.once("error", (error) => settle(() => reject(broke(error.message))));
    worker.once("exit", (code) => settle(() => reject(broke(`it ended with code ${code}`))));
    worker.postMessage(request);
  });
}

const broke = (reason: string): UserError =>
  new UserError(
    "tool/broke",
    `Yosys: expected an answer but found: ${reason}`,
    "try --native with an installed Yosys",
    ExitCode.toolMissing,
  );

async function runNative(request: YosysRequest, signal: AbortSignal): Promise<YosysAnswer> {
  const program = requireTool("yosys");
  const folder = mkdtempSync(join(tmpdir(), "dbnc-yosys-"));
  try {
    for (const [name, text] of Object.entries(request.files)) writeFileSync(join(folder, name), text);
    const { status, output } = await runTool(program, ["-q", "-p", request.script], {
      folder,
      seconds: 3600,
      signal,
    });
    if (status !== 0) return { error: output.trim() };
    const missing = request.outputs.find((file) => !existsSync(join(folder, file)));
    if (missing !== undefined) return { error: `no ${missing} was written: ${output.trim()}` };
    const read = (file: string): string => readFileSync(join(folder, file), "utf8");
    return { outputs: Object.fromEntries(request.outputs.map((file) => [file, read(file)])) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
