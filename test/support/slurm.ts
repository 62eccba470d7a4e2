import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { hostname, tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Random } from "../../base/random.js";

/** A Slurm cluster of this one machine, with ports and folders of its own, run by this user. */
export interface Cluster {
  /** Environment in which Slurm's commands find it. */
  readonly env: NodeJS.ProcessEnv;
  /** Run one of Slurm's commands. @returns what it printed. */
  ask(program: string, ...args: string[]): string;
  stop(): Promise<void>;
}

/** Seconds that the node may take to become idle. */
const PATIENCE = 60;

/** Start munged, slurmctld and slurmd. @param maxArraySize most tasks of an array. */
export async function startCluster(maxArraySize: number): Promise<Cluster> {
  const folder = mkdtempSync(join(tmpdir(), "dbnc-slurm-"));
  // munged and slurmd look at who may enter their folders.
  chmodSync(folder, 0o755);
  for (const name of ["state", "spool"]) mkdirSync(join(folder, name));
  const random = new Random(1);
  writeFileSync(
    join(folder, "key"),
    Uint8Array.from({ length: 1024 }, () => random.below(256)),
    { mode: 0o400 },
  );
  const conf = join(folder, "slurm.conf");
  writeFileSync(conf, configuration(folder, maxArraySize, [await freePort(), await freePort()]));
  // sbin, where Debian puts the daemons, is not on every user's path.
  const env = { ...process.env, SLURM_CONF: conf, PATH: `${process.env["PATH"]}:/usr/sbin:/sbin` };
  const at = (option: string, name: string): string => `--${option}=${join(folder, name)}`;
  const munge = [at("key-file", "key"), at("socket", "munge.socket"), at("pid-file", "munge.pid")];
  const daemons: ChildProcess[] = [];
  const start = (program: string, ...args: string[]): void =>
    void daemons.push(spawn(program, args, { env, stdio: "ignore" }));
  const cluster: Cluster = {
    env,
    ask(program, ...args) {
      const { status, stdout, stderr, error } = spawnSync(program, args, { env, encoding: "utf8" });
      if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${error?.message ?? stdout + stderr}`);
      return stdout;
    },
    async stop() {
      await endJobs(cluster).catch(() => {});
      for (const daemon of daemons.reverse()) await end(daemon);
      rmSync(folder, { recursive: true, force: true });
    },
  };
  start("munged", "--foreground", ...munge, at("log-file", "munge.log"), at("seed-file", "munge.seed"));
  start("slurmctld", "-D", "-c");
  start("slurmd", "-D", "-c");
  try {
    await untilIdle(cluster);
  } catch (error) {
    const logs = ["munge.log", "slurmctld.log", "slurmd.log"].map((name) => tail(join(folder, name)));
    await cluster.stop();
    throw new Error(`Slurm did not start: ${error}\n${logs.join("\n")}`);
  }
  return cluster;
}

/** Requeued jobs may start again after `cred_expire` seconds, of which 5 is the least. */
const configuration = (
  folder: string,
  maxArraySize: number,
  [controller, node]: readonly number[],
): string => `
ClusterName=test
SlurmctldHost=${host()}(127.0.0.1)
SlurmctldPort=${controller}
SlurmdPort=${node}
SlurmUser=${userInfo().username}
SlurmdUser=${userInfo().username}
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket=${folder}/munge.socket,cred_expire=5
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd.pid
SlurmctldLogFile=${folder}/slurmctld.log
SlurmdLogFile=${folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
ReturnToService=2
MaxArraySize=${maxArraySize}
SchedulerParameters=batch_sched_delay=0,sched_min_interval=200000,sched_interval=1,bf_interval=1
NodeName=${host()} NodeAddr=127.0.0.1 CPUs=2 RealMemory=1000 State=UNKNOWN
PartitionName=main Nodes=${host()} Default=YES MaxTime=INFINITE State=UP
`;

const host = (): string => hostname().split(".")[0]!;

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" ? address!.port : 0));
    });
  });
}

async function untilIdle({ ask }: Cluster): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      if (ask("sinfo", "--noheader", "--format=%T").trim() === "idle") return;
      throw new Error("the node is not idle");
    } catch (error) {
      if (tries > 2 * PATIENCE) throw error;
      await sleep(500);
    }
  }
}

/** What a job runs would outlive the daemons. */
async function endJobs({ ask }: Cluster): Promise<void> {
  ask("scancel", `--user=${userInfo().username}`);
  for (let tries = 0; ask("squeue", "--noheader").trim() !== "" && tries < 2 * PATIENCE; tries++)
    await sleep(500);
}

async function end(daemon: ChildProcess): Promise<void> {
  if (daemon.exitCode !== null || daemon.signalCode !== null || daemon.pid === undefined) return;
  const ended = new Promise((resolve) => daemon.once("exit", resolve));
  daemon.kill("SIGTERM");
  const timer = setTimeout(() => daemon.kill("SIGKILL"), 10_000);
  await ended;
  clearTimeout(timer);
}

function tail(path: string): string {
  try {
    return readFileSync(path, "utf8").split("\n").slice(-8).join("\n");
  } catch {
    return `${path}: none`;
  }
}
