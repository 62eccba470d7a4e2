import { ExitCode, UserError } from "../../base/errors.js";
import { requireTool, runTool } from "./find-tool.js";

/** Seconds that a Slurm command may take; a busy controller is slow to answer. */
const PATIENCE = 120;

/**
 * Run one of Slurm's commands. @returns what it printed.
 * @throws {UserError} with exit code 4 when it is missing or fails.
 */
async function slurm(program: string, args: readonly string[]): Promise<string> {
  const { status, output } = await runTool(requireTool(program), args, { folder: ".", seconds: PATIENCE });
  if (status === 0) return output;
  throw new UserError(
    "slurm/failed",
    `${program} ${args.join(" ")}: expected it to work but found: ${output.trim() || `exit status ${status}`}`,
    "ask the cluster with sinfo and squeue; --launcher local does without it",
    ExitCode.toolMissing,
  );
}

/** Submit a batch job. @returns its id. */
export async function submit(args: readonly string[]): Promise<string> {
  const output = await slurm("sbatch", ["--parsable", ...args]);
  const id = /^(\d+)(;|$)/m.exec(output.trim())?.[1];
  if (id !== undefined) return id;
  throw new UserError(
    "slurm/answer",
    `sbatch: expected a job id but found "${output.trim()}"`,
    "dbnc reads what sbatch --parsable prints",
    ExitCode.toolMissing,
  );
}

/** Of some jobs, those that are waiting, running or ending. */
export async function activeJobs(ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  // A job that Slurm has forgotten would be an error if asked for by id: ask for all of them.
  const output = await slurm("squeue", ["--me", "--noheader", "--array", "--format=%F"]);
  const found = new Set(output.split(/\s+/));
  return ids.filter((id) => found.has(id));
}

/** Cancel jobs; those that have ended already are left alone. */
export async function cancel(ids: readonly string[]): Promise<void> {
  const active = await activeJobs(ids);
  if (active.length > 0) await slurm("scancel", ["--quiet", ...active]);
}

/** Put a running job back into the queue, which ends it. */
export async function requeue(id: string): Promise<void> {
  await slurm("scontrol", ["requeue", id]);
}

/** Most tasks that the cluster takes in one array. */
export async function maxArraySize(): Promise<number> {
  const found = /^MaxArraySize\s*=\s*(\d+)/m.exec(await slurm("scontrol", ["show", "config"]));
  // Slurm's own default, where an installation does not tell.
  return found === null ? 1001 : Number(found[1]);
}
