import { type TransferListItem, Worker } from "node:worker_threads";
import { builtUrl } from "../../base/built-url.js";
import { InvariantError } from "../../base/errors.js";

/**
 * What a built file of this folder answers when it is started as a thread.
 *
 * @throws the signal's reason once it is aborted; the thread is stopped.
 */
export function inThread<Answer>(
  file: string,
  workerData: unknown,
  transferList: TransferListItem[],
  signal?: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(builtUrl(import.meta.url, file), { workerData, transferList });
    const stop = (): void => {
      void worker.terminate();
      reject(signal!.reason);
    };
    signal?.addEventListener("abort", stop);
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", (code) => {
      signal?.removeEventListener("abort", stop);
      reject(new InvariantError(`internal error: a simulation thread ended with code ${code}`));
    });
  });
}
