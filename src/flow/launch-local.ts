import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { builtUrl } from "../../base/built-url.js";
import type { Launcher, Task, TaskEnd } from "./launch.js";

/** Milliseconds a stopped task has for its checkpoint. */
const GRACE = 30_000;
/** Characters of standard error that are kept. */
const KEPT = 4000;
const MAIN = fileURLToPath(builtUrl(import.meta.url, "../cli/main.js"));

/**
 * Runs tasks as child processes on this machine, `parallel` at a time. They are in process groups of their own, so that
 * Ctrl-C reaches them once, from here; and they stop when this process is gone, however it went (`stopWithParent`).
 */
export function localLauncher(parallel: number): Launcher {
  return {
    async run(tasks, on, signal) {
      const waiting = [...tasks];
      const worker = async (): Promise<void> => {
        for (let task = waiting.shift(); task !== undefined && !signal.aborted; task = waiting.shift()) {
          on.begin(task);
          const end = await runTask(task, signal);
          if (!signal.aborted) on.end(end);
        }
      };
      await Promise.all(Array.from({ length: Math.min(parallel, tasks.length) }, worker));
      signal.throwIfAborted();
    },
  };
}

async function runTask({ id, args }: Task, signal: AbortSignal): Promise<TaskEnd> {
  const begin = performance.now();
  const child = spawn(process.execPath, [MAIN, ...args], {
    detached: true,
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let errors = "";
  child.stderr!.setEncoding("utf8").on("data", (text: string) => {
    errors = (errors + text).slice(-KEPT);
  });
  const release = stopOnAbort(child, signal);
  const exitCode = await new Promise<number | null>((resolve) => {
    child.once("error", (error) => {
      errors += error.message;
      resolve(null);
    });
    child.once("close", (code, killer) => {
      if (killer !== null) errors += `killed by ${killer}`;
      resolve(code);
    });
  });
  release();
  return { id, exitCode, errors, seconds: (performance.now() - begin) / 1000 };
}

/** Tell the child to stop once the signal is given, and make it when it takes too long. */
function stopOnAbort(child: ChildProcess, signal: AbortSignal): () => void {
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    child.kill("SIGTERM");
    timer = setTimeout(() => child.kill("SIGKILL"), GRACE);
  };
  signal.addEventListener("abort", stop, { once: true });
  return () => {
    signal.removeEventListener("abort", stop);
    clearTimeout(timer);
  };
}
