import { Worker } from "node:worker_threads";
import { builtUrl } from "../../../base/built-url.js";
import { InvariantError } from "../../../base/errors.js";
import type { KernelThread } from "./worker.js";

/** Threads that run the training kernel together. */
export interface Threads {
  /** All of them do so many steps. */
  run(steps: number): Promise<void>;
  close(): Promise<void>;
}

export function startThreads(count: number, shared: Omit<KernelThread, "thread">): Threads {
  const workers = Array.from({ length: count }, (_, thread) => {
    const workerData: KernelThread = { ...shared, thread };
    return new Worker(builtUrl(import.meta.url, "worker.js"), { workerData });
  });
  const next = (worker: Worker): Promise<void> =>
    new Promise((resolve, reject) => {
      const off = (): void => void worker.off("message", done).off("error", failed).off("exit", ended);
      const done = (): void => {
        off();
        resolve();
      };
      const failed = (error: unknown): void => {
        off();
        reject(error);
      };
      const ended = (): void => failed(new InvariantError("internal error: a training thread ended"));
      worker.on("message", done).on("error", failed).on("exit", ended);
    });
  return {
    async run(steps) {
      const done = workers.map(next);
      for (const worker of workers) worker.postMessage(steps);
      await Promise.all(done);
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}
