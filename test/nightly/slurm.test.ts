import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect } from "vitest";
import type { BuildResult, Results } from "../../src/flow/regress/results.js";
import { startDbnc } from "../support/cli.js";
import { flowers } from "../support/flowers.js";
import { temporaryFolder, writeIn } from "../support/folder.js";
import { isInstalled, testWithTool } from "../support/native-tool.js";
import { type Process, processes } from "../support/processes.js";
import { runFiles } from "../support/same-runs.js";
import { type Cluster, startCluster } from "../support/slurm.js";

/** More builds than the cluster takes in one array, and one of each kind of trouble. */
const SUITE = `
defaults:
  base: { data: { source: flowers.csv }, network: { layers: [60, 30] }, train: { epochs: 4, minimumSteps: 0 } }
  until: optimize
cases:
  quick: { seeds: [1, 2, 3], expect: { accuracy: 0.3 } }
  refused: { set: { network.layers: [60, 31] } }
  missed: { expect: { gates: 1 } }
  killed: { set: { train.minimumSteps: 40000 } }
  requeued: { set: { train.minimumSteps: 40000 } }
  late: { set: { train.epochs: 1000000 }, limits: { seconds: 3 } }
`;
const MAX_ARRAY_SIZE = 3;
/** A suite of one build that trains for some time. */
const LONG = SUITE.replace(/cases:[\s\S]*/, "cases: { long: { set: { train.minimumSteps: STEPS } } }");

const slurmTest = testWithTool("slurmctld");
let cluster: Cluster;
beforeAll(async () => {
  if (isInstalled("slurmctld")) cluster = await startCluster(MAX_ARRAY_SIZE);
});
afterAll(() => cluster?.stop());

function folderWith(suite: string): string {
  const folder = temporaryFolder();
  writeIn(folder, "flowers.csv", flowers(300));
  writeIn(folder, "suite.yaml", suite);
  return folder;
}

/** The process that trains a build, once it does. */
async function trainingOf(folder: string, build: string): Promise<Process> {
  for (;;) {
    const log = join(folder, `rtl-out/suite/logs/${build}.log`);
    const found = processes().find(({ command }) => command.includes(`${build}/dbnc.yaml`));
    if (found !== undefined && existsSync(log) && /training/.test(readFileSync(log, "utf8"))) return found;
    await sleep(50);
  }
}

/** Run a suite as Slurm jobs. @param sbatch options of sbatch. */
const onSlurm = (folder: string, sbatch = "", ...args: string[]) =>
  startDbnc(
    folder,
    [
      "regress",
      "suite.yaml",
      "--launcher",
      "slurm",
      "--json",
      ...(sbatch === "" ? [] : ["--sbatch", sbatch]),
      ...args,
    ],
    cluster.env,
  );
const resultsIn = (folder: string): Results =>
  JSON.parse(readFileSync(join(folder, "rtl-out/suite/results.json"), "utf8"));
/** What does not depend on where and when a build ran. */
const essence = ({ seconds, megabytes, attempts, tail, ...rest }: BuildResult): object => rest;
const attempts = (folder: string): Record<string, number> =>
  Object.fromEntries(resultsIn(folder).builds.map((build) => [build.case, build.attempts]));
const jobs = (): string => cluster.ask("squeue", "--noheader", "--format=%i").trim();
const begins = (log: string): number => readFileSync(log, "utf8").split("run folder").length - 1;

describe("a suite on a Slurm cluster", () => {
  slurmTest("comes to the same as on this machine, whatever happens to its jobs", async () => {
    const [here, there] = [folderWith(SUITE), folderWith(SUITE)];
    const local = await startDbnc(here, ["regress", "suite.yaml", "--quiet"]).done;
    expect(local.status).toBe(2);
    const { done } = onSlurm(there);
    const kill = trainingOf(there, "killed-s1").then(({ parent }) => process.kill(parent, "SIGKILL"));
    const requeue = trainingOf(there, "requeued-s1").then(({ environment }) =>
      cluster.ask("scontrol", "requeue", environment["SLURM_JOB_ID"]!),
    );
    const { status, stderr } = await done;
    await Promise.all([kill, requeue]);
    expect([status, stderr]).toEqual([2, ""]);
    expect(resultsIn(there).cases).toEqual(resultsIn(here).cases);
    expect(resultsIn(there).builds.map(essence)).toEqual(resultsIn(here).builds.map(essence));
    const statuses = resultsIn(there).builds.map(({ case: name, status: found }) => `${name} ${found}`);
    expect(statuses.slice(3)).toEqual([
      "refused failed",
      "missed passed",
      "killed passed",
      "requeued passed",
      "late failed",
    ]);
    expect(attempts(there)).toMatchObject({ quick: 1, killed: 2, requeued: 1, late: 1 });
    expect(begins(join(there, "rtl-out/suite/logs/requeued-s1.log"))).toBe(2);
    for (const build of ["quick-s1", "quick-s2", "quick-s3", "killed-s1", "requeued-s1"]) {
      const [a, b] = [here, there].map((folder) => runFiles(join(folder, "rtl-out/suite", build)));
      expect([...a!.keys()].some((name) => name.endsWith("design.safetensors"))).toBe(true);
      expect(b).toEqual(a);
    }
    expect(readdirSync(join(there, "rtl-out/suite")).filter((name) => name.startsWith("."))).toEqual([]);
    expect(jobs()).toBe("");
  });

  slurmTest("goes back into the queue before the time limit, and on from its checkpoint", async () => {
    const long = LONG.replace("STEPS", "320000");
    const [here, there] = [folderWith(long), folderWith(long)];
    const alone = { ...process.env, DBNC_THREADS: "1" };
    const local = startDbnc(here, ["regress", "suite.yaml", "--quiet"], alone).done;
    // Limits are whole minutes, and the signal may come 30 s early: 10 to 40 s after the begin.
    const { status, stdout } = await onSlurm(there, "--time=1 --signal=B:USR2@20").done;
    expect((await local).status).toBe(0);
    expect([status, stdout]).toEqual([0, expect.stringContaining('"status":"passed"')]);
    expect(attempts(there)).toEqual({ long: 1 });
    expect(begins(join(there, "rtl-out/suite/logs/long-s1.log"))).toBeGreaterThan(1);
    const [a, b] = [here, there].map((folder) => runFiles(join(folder, "rtl-out/suite/long-s1")));
    expect(b).toEqual(a);
  });

  slurmTest("ends with its jobs when it is stopped, and goes on from their checkpoints", async () => {
    const folder = folderWith(LONG.replace("STEPS", "40000"));
    const { child, done } = onSlurm(folder);
    await trainingOf(folder, "long-s1");
    child.kill("SIGINT");
    expect((await done).status).toBe(130);
    expect(jobs()).toBe("");
    expect(existsSync(join(folder, "rtl-out/suite/long-s1/checkpoint.safetensors"))).toBe(true);
    expect((await onSlurm(folder, "", "--rerun-failed").done).status).toBe(0);
  });

  slurmTest("cancels the jobs of one that was killed before it begins its own", async () => {
    const folder = folderWith(LONG.replace("STEPS", "1000000"));
    const { child, done } = onSlurm(folder);
    const { environment } = await trainingOf(folder, "long-s1");
    child.kill("SIGKILL");
    await done;
    writeIn(folder, "suite.yaml", LONG.replace("STEPS", "100"));
    expect((await onSlurm(folder).done).status).toBe(0);
    expect(cluster.ask("scontrol", "show", "job", environment["SLURM_JOB_ID"]!)).toContain(
      "JobState=CANCELLED",
    );
    expect(jobs()).toBe("");
  });

  slurmTest("that Slurm refuses is 4, with what sbatch says", async () => {
    const folder = folderWith(SUITE);
    const { status, stderr } = await onSlurm(folder, "--partition=nowhere").done;
    expect([status, stderr]).toEqual([4, expect.stringContaining("invalid partition")]);
    expect(jobs()).toBe("");
  });
});
