import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ExitCode } from "../../../base/errors.js";
import type { Config } from "../../config/schema.js";
import { writeConfig } from "../../config/write.js";
import { type Report, ReportSchema } from "../../report/schema.js";
import { type DataSession, dataSession } from "../data-session.js";
import { stableJson, writeFileAtomic } from "../files.js";
import { isLost, type Task, type TaskEnd, TaskSchema } from "../launch.js";
import { openWhenFree } from "../run-folder.js";
import { finishedReport } from "../run-stages.js";
import { STAGE_NAMES, type StageName, type Watcher } from "../stage.js";
import type { RunResult } from "./halving.js";
import type { Point } from "./points.js";

/** One run of a point. */
export interface SweepRun {
  /** Of the run, and of its folder. */
  readonly name: string;
  readonly point: Point;
  readonly config: Config;
  readonly path: string;
}

/** How a run ended: with a result, or with the reason why there is none. */
export interface RunEnd {
  readonly result: RunResult | null;
  readonly failure: string | null;
  readonly exitCode: ExitCode;
}

/** The last stage of a run: live gates are known after it. */
const LAST: StageName = "optimize";
const STAGES = STAGE_NAMES.slice(0, STAGE_NAMES.indexOf(LAST) + 1);
const SILENT: Watcher = { stage: () => {}, progress: () => {}, line: () => {} };

/** The command of a run; its project file is written to its folder. */
export function taskOf({ name, config, path }: SweepRun, folder: string): Task {
  const file = join(path, "dbnc.yaml");
  writeFileAtomic(file, writeConfig(config, { comments: false }));
  return TaskSchema.parse({
    id: name,
    args: ["build", "--config", file, "--out", folder, "--until", LAST, "--quiet"],
  });
}

/** What a run that ended left behind. */
export function endOf(run: SweepRun, end: TaskEnd): RunEnd {
  const { exitCode, errors } = end;
  if (exitCode === ExitCode.ok || exitCode === ExitCode.unknown) {
    const report = ReportSchema.parse(JSON.parse(readFileSync(join(run.path, "report.json"), "utf8")));
    return { result: resultOf(report), failure: null, exitCode };
  }
  const lines = errors.trim().split("\n");
  // A hint may follow the message.
  const failure = (lines.find((line) => line.startsWith("dbnc: ")) ?? lines.at(-1)!).replace("dbnc: ", "");
  if (isLost(end)) return { result: null, failure, exitCode: ExitCode.toolMissing };
  const known = Object.values(ExitCode).find((code) => code === exitCode);
  return { result: null, failure, exitCode: known ?? ExitCode.refuted };
}

/**
 * The result of a run that is there already. A run folder that another process holds (another sweep, or a task of one
 * that was just killed) is waited for.
 */
export async function finishedRun(
  { config, path }: SweepRun,
  data: DataSession,
  onWait: () => void,
  signal: AbortSignal,
): Promise<RunResult | null> {
  if (!existsSync(path)) return null;
  const run = await openWhenFree(path, onWait, signal);
  try {
    const options = { watcher: SILENT, signal, dumpAfter: [], force: false, ...data };
    const report = await finishedReport(run, config, STAGES, options);
    return report === null ? null : resultOf(report);
  } finally {
    await run.close();
  }
}

/** Data sessions by what they read, so that each data set is hashed once. */
export function dataSessions(): (config: Config) => DataSession {
  const sessions = new Map<string, DataSession>();
  return (config) => {
    const key = stableJson([config.data, config.data.source === "demo" ? config.seed : null]);
    const session = sessions.get(key) ?? dataSession(config);
    sessions.set(key, session);
    return session;
  };
}

function resultOf({ seed, accuracy, gates, seconds }: Report): RunResult {
  return {
    seed,
    validation: accuracy!.validation,
    test: accuracy!.test,
    gates: gates!.final!,
    seconds: STAGES.reduce((sum, stage) => sum + (seconds[stage] ?? 0), 0),
  };
}
