import { availableParallelism } from "node:os";
import type { Launcher } from "./launch.js";
import { runTask } from "./run-task.js";

/** Runs tasks as child processes on this machine, `parallel` at a time, which share its cores. */
export function localLauncher(parallel: number): Launcher {
  const threads = Math.max(1, Math.floor(availableParallelism() / parallel));
  return {
    // Its tasks stop by themselves.
    recover: async () => {},
    async run(tasks, on, signal) {
      const waiting = [...tasks];
      const worker = async (): Promise<void> => {
        for (let task = waiting.shift(); task !== undefined && !signal.aborted; task = waiting.shift()) {
          on.begin(task);
          const end = await runTask(task, threads, signal);
          if (!signal.aborted) on.end(end);
        }
      };
      await Promise.all(Array.from({ length: Math.min(parallel, tasks.length) }, worker));
      signal.throwIfAborted();
    },
  };
}
