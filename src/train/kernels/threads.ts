import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { builtUrl } from "../../../base/built-url.js";
import { InvariantError, UserError } from "../../../base/errors.js";
import type { KernelThread } from "./worker.js";

/** Threads that run the training kernel together. */
export interface Threads {
  /** All of them do so many steps. */
  run(steps: number): Promise<void>;
  close(): Promise<void>;
}

/** What `$DBNC_THREADS` says, which is how a launcher shares cores among runs, else one a core. @throws {UserError} */
export function defaultThreads(): number {
  const text = process.env["DBNC_THREADS"];
  if (text === undefined) return availableParallelism();
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new UserError(
    "usage/threads",
    `DBNC_THREADS: expected a number from 1 but found "${text}"`,
    "unset it for one thread a core",
  );
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
