import { z } from "zod";
import { ExitCode } from "../../base/errors.js";

export const TaskSchema = z.strictObject({
  id: z.string(),
  /** Arguments of `dbnc`; paths are relative to the working folder. */
  args: z.array(z.string()),
  /** What it may use over all its attempts before it is stopped. */
  limits: z
    .strictObject({ seconds: z.number().nullable(), megabytes: z.number().nullable() })
    .default({ seconds: null, megabytes: null }),
  /** File that all it prints is appended to. */
  log: z.string().nullable().default(null),
});
/** One `dbnc` command to be run to its end, wherever the launcher runs it. */
export type Task = z.output<typeof TaskSchema>;

export const TaskEndSchema = z.strictObject({
  id: z.string(),
  /** Exit code; null when something killed it, or a limit stopped it. */
  exitCode: z.int().nullable(),
  /** The signal that killed it; null also when nobody knows. */
  killer: z.string().nullable(),
  /** The limit at which it was stopped. */
  stopped: z.enum(["time", "memory"]).nullable(),
  /** What it printed to standard error, the last lines. */
  errors: z.string(),
  /** Of all its attempts. */
  seconds: z.number(),
  /** Most memory at one time, of the process and those that it started (MB); null where that is not known. */
  megabytes: z.number().nullable(),
  /** Times that it was begun because it had been lost. */
  attempts: z.int().min(1),
});
/** How a task ended. What it found out is in the files that it wrote; this only says whether they are there. */
export type TaskEnd = z.output<typeof TaskEndSchema>;

/** What a launcher tells as tasks begin and end. */
export interface TaskEvents {
  begin(task: Task): void;
  end(end: TaskEnd): void;
}

/** Runs many independent commands: on this machine's cores, or on a cluster. */
export interface Launcher {
  /** End what the launcher of a killed `dbnc` left running; to be done before its run folders are waited for. */
  recover(): Promise<void>;
  /**
   * Run every task; `on` is told as each begins and ends.
   *
   * @throws {DOMException} `AbortError` when the signal was given, after every task has been told to stop and has: a
   * stopped task leaves a checkpoint from which the same command goes on.
   */
  run(tasks: readonly Task[], on: TaskEvents, signal: AbortSignal): Promise<void>;
}

/** Signals by which a process ends itself: a crash of ours, not of what it runs on. */
const CRASHES = ["SIGABRT", "SIGBUS", "SIGFPE", "SIGILL", "SIGSEGV", "SIGTRAP"];

/**
 * Whether the infrastructure lost a task: a machine that went down, a process that somebody else stopped or killed.
 * Whatever `dbnc` itself ends with, crashes included, is a result, and so is a limit that was reached.
 */
export function isLost({ exitCode, killer, stopped }: TaskEnd): boolean {
  if (stopped !== null) return false;
  if (exitCode === null) return killer === null || !CRASHES.includes(killer);
  return exitCode === ExitCode.interrupted || exitCode === ExitCode.terminated;
}

/** A launcher that runs tasks again which the infrastructure lost, at most `retries` times; nothing else is repeated. */
export function retrying(launcher: Launcher, retries: number): Launcher {
  return {
    recover: () => launcher.recover(),
    async run(tasks, on, signal) {
      let left = tasks;
      for (let attempt = 0; left.length > 0; attempt++) {
        const lost = new Set<string>();
        const end = (ended: TaskEnd): void => {
          if (isLost(ended) && attempt < retries) lost.add(ended.id);
          else on.end({ ...ended, attempts: attempt + 1 });
        };
        await launcher.run(left, { begin: on.begin, end }, signal);
        left = left.filter(({ id }) => lost.has(id));
      }
    },
  };
}
