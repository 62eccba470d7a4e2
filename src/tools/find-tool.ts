import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { ExitCode, UserError } from "../../base/errors.js";

/** Path of a program on this machine, or null. */
export function findTool(program: string): string | null {
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    const path = join(folder, program);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder.
    }
  }
  return null;
}

/** @throws {UserError} with exit code 4 if the program is not there. */
export function requireTool(program: string): string {
  const path = findTool(program);
  if (path !== null) return path;
  throw new UserError(
    "tool/missing",
    `${program}: expected the program on the PATH but found none`,
    "install it (scripts/install-tools does on Debian and Ubuntu), or do without the option that asks for it",
    ExitCode.toolMissing,
  );
}

export interface ToolResult {
  /** Exit status, or null when the program was killed, here or by others. */
  readonly status: number | null;
  /** Standard output and error, as they came. */
  readonly output: string;
  readonly timedOut: boolean;
}

export interface ToolOptions {
  readonly folder: string;
  readonly seconds: number;
  readonly signal?: AbortSignal;
}

/** Run a program to its end, the time limit, or the signal. @throws {DOMException} `AbortError` on the signal. */
export function runTool(program: string, args: readonly string[], options: ToolOptions): Promise<ToolResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.folder,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    let output = "";
    let timedOut = false;
    // The whole process group: Verilator starts make, make starts compilers.
    const stop = (): void => {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    };
    const timer = setTimeout(() => {
      timedOut = true;
      stop();
    }, options.seconds * 1000);
    options.signal?.addEventListener("abort", stop);
    const collect = (chunk: Buffer): void => {
      output += chunk.toString("utf8");
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    const settle = (): void => {
      clearTimeout(timer);
      options.signal?.removeEventListener("abort", stop);
    };
    child.once("error", (error) => {
      settle();
      reject(error);
    });
    child.once("close", (status) => {
      settle();
      if (options.signal?.aborted === true) reject(options.signal.reason);
      else resolve({ status, output, timedOut });
    });
  });
}

/** The first line that a program prints about its version. */
export async function toolVersion(program: string, flag: string): Promise<string> {
  const { output } = await runTool(program, [flag], { folder: ".", seconds: 30 });
  return output.split("\n")[0]!.trim();
}
