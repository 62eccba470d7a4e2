import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The built command line. */
export const MAIN = fileURLToPath(new URL("../../dist/src/cli/main.js", import.meta.url));

export interface CliResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Started {
  readonly child: ChildProcess;
  readonly done: Promise<CliResult>;
}

/** Start the built command line in a folder. @param env its environment, this process's if not given. */
export const startDbnc = (folder: string, args: readonly string[], env = process.env): Started =>
  startProgram(folder, process.execPath, [MAIN, ...args], env);

/** Run the built command line where no file can grow beyond so many KiB: writing on is an error, as on a full disk. */
export function dbncOnFullDisk(folder: string, kib: number, ...args: string[]): Promise<CliResult> {
  // The signal that comes with the error would end the process.
  const deaf = ["--import", 'data:text/javascript,process.on("SIGXFSZ",()=>{})'];
  const command = [process.execPath, ...deaf, MAIN, ...args];
  return startProgram(folder, "bash", ["-c", `ulimit -f ${kib}; exec "$@"`, "bash", ...command]).done;
}

/** Start a program in a folder. */
export function startProgram(
  folder: string,
  program: string,
  args: readonly string[],
  env = process.env,
): Started {
  const child = spawn(program, args, { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
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
