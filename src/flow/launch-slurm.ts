import { basename, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { activeJobs, cancel, maxArraySize, submit } from "../tools/slurm.js";
import { writeFileAtomic } from "./files.js";
import type { Launcher, TaskEvents } from "./launch.js";
import { MAIN } from "./run-task.js";
import { abandonedSpools, createSpool, type Spool } from "./slurm-spool.js";

/** Milliseconds between looks at the files that tasks leave. */
const POLL = 500;
/** Milliseconds between questions to Slurm, which are dear and only a hint. */
const ASK = 15_000;
/** Questions in a row that may fail: a controller can be away for minutes. */
const FAILURES = 40;
/** Seconds before the time limit at which Slurm tells a task to stop: enough for a checkpoint. */
const WARNING = 120;

export interface SlurmOptions {
  /** Folder for the submission's files, on a file system that all machines see. */
  readonly folder: string;
  /** Options of `sbatch`, such as `--partition=short`; they win over ours. */
  readonly sbatch: readonly string[];
  /** Tasks at a time; null for as many as the cluster gives. */
  readonly parallel: number | null;
}

/**
 * Runs tasks as job arrays of a Slurm cluster, each array as large as the cluster takes. Before its time limit a task is
 * told to stop, leaves a checkpoint, goes back into the queue and later goes on from there. A last job, which waits for
 * all others, collects the results: a file from each task. What Slurm says of its jobs counts only where such a file is
 * missing.
 *
 * @throws {UserError} with exit code 4 when Slurm is missing or refuses a job.
 */
export function slurmLauncher(options: SlurmOptions): Launcher {
  return {
    async recover() {
      for (const spool of abandonedSpools(options.folder)) await abandon(spool);
    },
    async run(tasks, on, signal) {
      if (tasks.length === 0) return;
      const spool = createSpool(options.folder, tasks);
      try {
        await submitAll(spool, options);
        await follow(spool, on, signal);
      } finally {
        await abandon(spool);
      }
    },
  };
}

/** Cancel whatever is left of a submission, wait until it is gone, and remove its files. */
async function abandon(spool: Spool): Promise<void> {
  await cancel(spool.jobs());
  while ((await activeJobs(spool.jobs())).length > 0) await sleep(POLL);
  spool.remove();
}

/** Submit the arrays and the job that collects. */
async function submitAll(spool: Spool, { sbatch, parallel }: SlurmOptions): Promise<void> {
  const { length } = spool.tasks;
  const size = Math.min(length, await maxArraySize());
  const arrays: string[] = [];
  for (let offset = 0; offset < length; offset += size) {
    const last = Math.min(size, length - offset) - 1;
    // Arrays in turn, or together they would run more tasks at a time than asked for.
    const turn = parallel === null || arrays.length === 0 ? [] : [`--dependency=afterany:${arrays.at(-1)}`];
    const range = `--array=0-${last}${parallel === null ? "" : `%${parallel}`}`;
    const signal = `--signal=B:USR2@${WARNING}`;
    arrays.push(await submitScript(spool, `task-${offset}`, [range, "--requeue", signal, ...turn], sbatch));
  }
  await submitScript(spool, "collect", [`--dependency=afterany:${arrays.join(":")}`], sbatch);
}

/** Submit `dbnc slurm-job <spool> <what>`; the shell is replaced, so that signals reach it. */
async function submitScript(
  spool: Spool,
  what: string,
  args: readonly string[],
  sbatch: readonly string[],
): Promise<string> {
  const path = resolve(spool.path);
  const script = `${path}/${what}.sh`;
  const command = [process.execPath, MAIN, "slurm-job", path, what].map(quoted).join(" ");
  writeFileAtomic(script, `#!/bin/sh\nexec ${command}\n`);
  const name = `dbnc-${basename(resolve(path, ".."))}`;
  const files = [`--output=${path}/${what}-%a.out`, "--open-mode=append", `--chdir=${process.cwd()}`];
  const id = await submit([`--job-name=${name}`, ...files, ...args, ...sbatch, script]);
  spool.addJob(id);
  return id;
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Tell what the tasks' files say until the end of every task is known. */
async function follow(spool: Spool, on: TaskEvents, signal: AbortSignal): Promise<void> {
  const [begun, ended] = [new Set<number>(), new Set<number>()];
  const begin = (i: number): void => {
    if (begun.has(i)) return;
    begun.add(i);
    on.begin(spool.tasks[i]!);
  };
  const finish = (i: number, end = spool.readEnd(i)): void => {
    if (ended.has(i)) return;
    begin(i);
    ended.add(i);
    on.end(end);
  };
  const gone = jobsWatch(spool);
  for (;;) {
    signal.throwIfAborted();
    const collected = spool.collected();
    for (const i of spool.begun()) begin(i);
    for (const i of spool.ended()) finish(i);
    collected?.forEach((end, i) => {
      finish(i, end);
    });
    if (ended.size === spool.tasks.length) return;
    if (await gone()) spool.collect();
    await sleep(POLL);
  }
}

/** Asks now and then whether all jobs are gone, twice in a row so that their files had time to show. */
function jobsWatch(spool: Spool): () => Promise<boolean> {
  let [asked, absent, failures] = [performance.now(), 0, 0];
  return async () => {
    if (performance.now() - asked < ASK) return false;
    asked = performance.now();
    try {
      absent = (await activeJobs(spool.jobs())).length === 0 ? absent + 1 : 0;
      failures = 0;
    } catch (error) {
      if (++failures > FAILURES) throw error;
    }
    return absent >= 2;
  };
}
