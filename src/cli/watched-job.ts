import type { PassRecord } from "../../compiler/passes/runner.js";
import { type Job, type JobResults, runJob } from "../circuit/job.js";
import type { CircuitOptions } from "./circuit-options.js";
import { interruptible } from "./interrupt.js";
import { silentWatcher, terminalWatcher } from "./watch.js";

/** What the command line adds to a job: who watches, and when it has to end. */
export interface WatchedJob {
  /** What to say when the user stops it. */
  readonly hint: string;
  readonly onPass?: (record: PassRecord) => void;
}

/** What ends sooner needs no progress bar. */
const SILENT_MILLISECONDS = 1000;

/**
 * Run a job under a progress bar, until it ends, `--timeout` is over or the user stops it.
 *
 * @returns null at the time limit.
 * @throws {Interruption} on Ctrl-C or SIGTERM.
 */
export async function runWatched<K extends Job["kind"]>(
  job: Extract<Job, { readonly kind: K }>,
  { quiet, timeout }: CircuitOptions,
  { hint, onPass }: WatchedJob,
): Promise<JobResults[K] | null> {
  const terminal = terminalWatcher(process.stderr);
  const watcher = quiet === true ? silentWatcher : terminal;
  const begin = performance.now();
  try {
    return await interruptible(
      (signal) =>
        runJob(job, {
          signal,
          seconds: timeout ?? null,
          onNews(news) {
            if (news.tag === "progress") {
              if (performance.now() - begin > SILENT_MILLISECONDS)
                watcher.progress(news.done, news.total, news.label, {});
            } else {
              terminal.stop();
              onPass?.(news.record);
            }
          },
        }),
      hint,
    );
  } finally {
    terminal.stop();
  }
}
