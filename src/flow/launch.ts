/** One `dbnc` command to be run to its end, wherever the launcher runs it. */
export interface Task {
  readonly id: string;
  /** Arguments of `dbnc`; paths are relative to the working folder. */
  readonly args: readonly string[];
}

/** How a task ended. What it found out is in the files that it wrote; this only says whether they are there. */
export interface TaskEnd {
  readonly id: string;
  /** Exit code; null when something killed it. */
  readonly exitCode: number | null;
  /** What it printed to standard error, the last lines. */
  readonly errors: string;
  readonly seconds: number;
}

/** Runs many independent commands: on this machine's cores, or on a cluster. */
export interface Launcher {
  /**
   * Run every task; `on` is told as each begins and ends.
   *
   * @throws {DOMException} `AbortError` when the signal was given, after every task has been told to stop and has: a
   * stopped task leaves a checkpoint from which the same command goes on.
   */
  run(
    tasks: readonly Task[],
    on: { begin(task: Task): void; end(end: TaskEnd): void },
    signal: AbortSignal,
  ): Promise<void>;
}
