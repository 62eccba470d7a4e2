import { Command } from "commander";
import { slurmJob } from "../flow/slurm-job.js";

/** `dbnc slurm-job`: what the jobs run that `--launcher slurm` submits; not for users. */
export const slurmJobCommand = (): Command =>
  new Command("slurm-job").argument("<spool>").argument("<what>").action(slurmJob);
