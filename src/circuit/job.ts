import { Worker } from "node:worker_threads";
import { builtUrl } from "../../base/built-url.js";
import type { NamedNetlist } from "../../compiler/ir/named-netlist.js";
import type { Netlist } from "../../compiler/ir/netlist.js";
import type { PassRecord } from "../../compiler/passes/runner.js";
import type { EquivalenceVerdict } from "../../compiler/verify/equivalence.js";

/** What decides how hard a job tries. */
export interface Effort {
  readonly seed: number;
  /** Conflicts that one SAT query may cost, or null for no bound. */
  readonly conflicts: number | null;
}

/** Work on circuits that keeps a processor busy: done in a thread of its own, so that it can be watched and stopped. */
export type Job =
  | ({ readonly kind: "equiv"; readonly a: Netlist; readonly b: Netlist } & Effort)
  | ({ readonly kind: "opt"; readonly circuit: NamedNetlist; readonly passes: readonly string[] } & Effort);

export interface JobResults {
  readonly equiv: EquivalenceVerdict;
  /** The last netlist that was not refuted. */
  readonly opt: Netlist;
}

/** What the worker says while it works. */
export type JobNews =
  | { readonly tag: "progress"; readonly done: number; readonly total: number; readonly label: string }
  | { readonly tag: "pass"; readonly record: PassRecord };

export type JobMessage = JobNews | { readonly tag: "done"; readonly result: JobResults[keyof JobResults] };

export interface JobOptions {
  readonly signal: AbortSignal;
  /** Wall clock after which the job is stopped, or null. */
  readonly seconds: number | null;
  readonly onNews: (news: JobNews) => void;
}

/**
 * Run a job to its end.
 *
 * @returns its result, or null when it was stopped at the time limit.
 * @throws {DOMException} `AbortError` on the signal.
 */
export function runJob<K extends Job["kind"]>(
  job: Extract<Job, { readonly kind: K }>,
  { signal, seconds, onNews }: JobOptions,
): Promise<JobResults[K] | null> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(builtUrl(import.meta.url, "job-worker.js"));
    const stop = (): void => settle(() => reject(signal.reason));
    const timer =
      seconds === null ? undefined : setTimeout(() => settle(() => resolve(null)), 1000 * seconds);
    const settle = (then: () => void): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
      worker.removeAllListeners();
      void worker.terminate().then(then);
    };
    signal.addEventListener("abort", stop);
    worker.on("message", (message: JobMessage) => {
      if (message.tag === "done") settle(() => resolve(message.result as JobResults[K]));
      else onNews(message);
    });
    worker.once("error", (error) => settle(() => reject(error)));
    worker.once("exit", (code) => settle(() => reject(new Error(`the worker ended with code ${code}`))));
    worker.postMessage(job);
  });
}
