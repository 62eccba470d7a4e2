import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The built command line. */
export const MAIN = fileURLToPath(new URL("../../dist/src/cli/main.js", import.meta.url));

export interface CliResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Start the built command line in a folder. */
export function startDbnc(
  folder: string,
  args: readonly string[],
): { child: ChildProcess; done: Promise<CliResult> } {
  const child = spawn(process.execPath, [MAIN, ...args], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const done = new Promise<CliResult>((resolve) =>
    child.once("close", (status) => resolve({ status, stdout, stderr })),
  );
  return { child, done };
}

/** Run the built command line in a folder to its end. */
export const dbnc = (folder: string, ...args: string[]): Promise<CliResult> => startDbnc(folder, args).done;
