import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { builtUrl } from "../../base/built-url.js";
import type { Task, TaskEnd } from "./launch.js";
import { killTree, treeMegabytes } from "./process-tree.js";

/** Milliseconds a stopped task has for its checkpoint. */
const GRACE = 30_000;
/** Milliseconds between looks at a task's memory. */
const SAMPLE = 500;
/** Characters of standard error that are kept. */
const KEPT = 4000;
/** The command line's main file. */
export const MAIN = fileURLToPath(builtUrl(import.meta.url, "../cli/main.js"));

/**
 * Run a task as a child process to its end, to one of its limits, or to the signal, after which it stops with a
 * checkpoint. It is in a process group of its own, so that Ctrl-C reaches it once, from here; and it stops when this
 * process is gone, however that went (`stopWithParent`).
 *
 * @param threads what it trains with; the result is the same for any number.
 */
export async function runTask(task: Task, threads: number, signal: AbortSignal): Promise<TaskEnd> {
  const begin = performance.now();
  const child = spawn(process.execPath, [MAIN, ...task.args], {
    detached: true,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: { ...process.env, DBNC_THREADS: String(threads) },
  });
  const output = collectOutput(child, task.log);
  const guard = guardLimits(child, task.limits);
  const release = stopOnAbort(child, signal);
  const [exitCode, killer] = await new Promise<[number | null, string | null]>((resolve) => {
    child.once("error", (error) => {
      output.add(`${error.message}\n`);
      resolve([null, null]);
    });
    child.once("close", (code, name) => resolve([code, name]));
  });
  release();
  guard.release();
  if (killer !== null) output.add(`killed by ${killer}\n`);
  const errors = output.close();
  const seconds = (performance.now() - begin) / 1000;
  const found = guard.found();
  // How a task ends that was stopped depends on the moment.
  const how = found.stopped === null ? { exitCode, killer } : { exitCode: null, killer: null };
  return { id: task.id, ...how, errors, seconds, attempts: 1, ...found };
}

/** Keep the end of standard error, and write all that is printed to the log. */
function collectOutput(
  child: ChildProcess,
  log: string | null,
): { add(text: string): void; close(): string } {
  if (log !== null) mkdirSync(dirname(log), { recursive: true });
  const file = log === null ? null : openSync(log, "a");
  let errors = "";
  const write = (text: string): void => {
    if (file !== null) writeSync(file, text);
  };
  const add = (text: string): void => {
    errors = (errors + text).slice(-KEPT);
    write(text);
  };
  child.stdout!.setEncoding("utf8").on("data", write);
  child.stderr!.setEncoding("utf8").on("data", add);
  return {
    add,
    close() {
      if (file !== null) closeSync(file);
      return errors;
    },
  };
}

/** Watch time and memory; a child past a limit is stopped. */
function guardLimits(
  child: ChildProcess,
  { seconds, megabytes }: Task["limits"],
): { release(): void; found(): Pick<TaskEnd, "stopped" | "megabytes"> } {
  let stopped: TaskEnd["stopped"] = null;
  let most: number | null = null;
  let killing: NodeJS.Timeout | undefined;
  const late = (): void => {
    stopped ??= "time";
    killing = stopSoftly(child);
  };
  const timer = seconds === null ? undefined : setTimeout(late, 1000 * seconds);
  const sampler = setInterval(() => {
    const now = child.pid === undefined ? null : treeMegabytes(child.pid);
    if (now !== null) most = Math.max(most ?? 0, Math.round(now));
    if (megabytes === null || most === null || most <= megabytes) return;
    stopped ??= "memory";
    // What takes more and more memory does not wait for a checkpoint.
    killTree(child.pid!);
  }, SAMPLE);
  return {
    release() {
      clearTimeout(timer);
      clearTimeout(killing);
      clearInterval(sampler);
    },
    found: () => ({ stopped, megabytes: most }),
  };
}

/** Ask the child to stop, and make it when it takes too long. */
function stopSoftly(child: ChildProcess): NodeJS.Timeout {
  child.kill("SIGTERM");
  return setTimeout(() => child.pid !== undefined && killTree(child.pid), GRACE);
}

function stopOnAbort(child: ChildProcess, signal: AbortSignal): () => void {
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    timer = stopSoftly(child);
  };
  signal.addEventListener("abort", stop, { once: true });
  return () => {
    signal.removeEventListener("abort", stop);
    clearTimeout(timer);
  };
}
