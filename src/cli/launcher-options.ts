import { availableParallelism } from "node:os";
import { type Command, Option } from "commander";
import { UserError } from "../../base/errors.js";
import { type Launcher, retrying } from "../flow/launch.js";
import { localLauncher } from "../flow/launch-local.js";
import { slurmLauncher } from "../flow/launch-slurm.js";
import { integer } from "./options.js";

/** What commands that run many builds understand. */
export interface LauncherOptions {
  readonly launcher: "local" | "slurm";
  readonly maxParallel?: number;
  readonly retries: number;
  readonly sbatch?: string;
}

/** Add `--launcher`, `--max-parallel`, `--retries` and `--sbatch`. */
export const addLauncherOptions = (command: Command): Command =>
  command
    .addOption(
      new Option("--launcher <name>", "where builds run: this machine's cores, or a Slurm cluster")
        .choices(["local", "slurm"])
        .default("local"),
    )
    .option("--max-parallel <n>", "builds at a time (default: one a core; with slurm no limit)", integer)
    .option("--retries <n>", "times that a build is begun again that its machine lost or killed", integer, 1)
    .option("--sbatch <options>", "with slurm: options of sbatch, such as --partition=short");

/** The launcher that the options ask for. @param folder for its files. @throws {UserError} */
export function launcherOf(options: LauncherOptions, folder: string): Launcher {
  const { launcher, maxParallel, retries, sbatch } = options;
  atLeast("max-parallel", maxParallel ?? 1, 1, "the default is one build a core");
  atLeast("retries", retries, 0, "0 for none");
  if (launcher === "local" && sbatch !== undefined)
    throw new UserError("usage/sbatch", "--sbatch: expected --launcher slurm with it but found local", "");
  const words = sbatch?.split(/\s+/).filter((word) => word !== "") ?? [];
  const runs =
    launcher === "slurm"
      ? slurmLauncher({ folder, sbatch: words, parallel: maxParallel ?? null })
      : localLauncher(maxParallel ?? availableParallelism());
  return retrying(runs, retries);
}

function atLeast(flag: string, value: number, least: number, hint: string): void {
  if (value >= least) return;
  throw new UserError(`usage/${flag}`, `--${flag}: expected at least ${least} but found ${value}`, hint);
}
