import { availableParallelism } from "node:os";
import { invariant } from "../../base/errors.js";
import { requeue } from "../tools/slurm.js";
import { isLost } from "./launch.js";
import { runTask } from "./run-task.js";
import { openSpool, type Spool } from "./slurm-spool.js";

/** Times that a task may go back into the queue; one that needs more does not come forward between two of them. */
const MOST_REQUEUES = 200;

/**
 * What a job of `slurmLauncher` does: `task-<offset>` runs the task of its array index, `collect` gathers what all left.
 * Slurm's warning before the time limit (SIGUSR2) stops the task, which leaves a checkpoint, and puts the job back into
 * the queue; SIGTERM (cancelled, preempted, requeued by somebody else) only stops it.
 */
export async function slurmJob(path: string, what: string): Promise<void> {
  const spool = openSpool(path);
  if (what === "collect") {
    spool.collect();
    return;
  }
  const controller = new AbortController();
  let late = false;
  process.on("SIGUSR2", () => {
    late = true;
    controller.abort();
  });
  process.on("SIGTERM", () => controller.abort());
  const index = Number(what.replace("task-", "")) + Number(process.env["SLURM_ARRAY_TASK_ID"]);
  invariant(spool.tasks[index] !== undefined, `no task ${index} in ${path}`);
  const done = await runSpooled(spool, index, controller.signal);
  if (!done && late) await goOnLater(spool, index);
}

/** @returns false when the task was stopped before its end; its checkpoint is there to go on from. */
async function runSpooled(spool: Spool, index: number, signal: AbortSignal): Promise<boolean> {
  const task = spool.tasks[index]!;
  const spent = spool.spent(index);
  const { seconds } = task.limits;
  const limits = { ...task.limits, seconds: seconds === null ? null : Math.max(0, seconds - spent) };
  spool.begin(index);
  const end = await runTask({ ...task, limits }, cores(), signal);
  if (signal.aborted && isLost(end)) {
    spool.spend(index, end.seconds);
    return false;
  }
  spool.end(index, { ...end, seconds: spent + end.seconds });
  return true;
}

/** Cores that Slurm gave the job. */
const cores = (): number => Number(process.env["SLURM_CPUS_ON_NODE"] ?? availableParallelism());

async function goOnLater(spool: Spool, index: number): Promise<void> {
  if (Number(process.env["SLURM_RESTART_COUNT"] ?? 0) < MOST_REQUEUES)
    return requeue(process.env["SLURM_JOB_ID"]!);
  const errors = `dbnc: expected the task to end within ${MOST_REQUEUES} of Slurm's time limits but found it still running\n`;
  const unknown = { exitCode: null, killer: null, megabytes: null, attempts: 1 };
  const seconds = spool.spent(index);
  spool.end(index, { id: spool.tasks[index]!.id, ...unknown, stopped: "time", errors, seconds });
}
