import { join } from "node:path";
import type { z } from "zod";
import { resolveConfig } from "./config/load.js";
import type { ConfigSchema } from "./config/schema.js";
import { runStagesIn } from "./flow/build.js";
import { outcomeOf } from "./flow/outcome.js";
import { type Outcome, STAGE_NAMES, type StageName, type Watcher } from "./flow/stage.js";
import type { Report } from "./report/schema.js";

/** Settings as a project file has them (docs/config.md); what is left out has its default. */
export type Settings = z.input<typeof ConfigSchema>;

export interface BuildOptions {
  /** Folder of run folders; `rtl-out` unless given. */
  readonly out?: string;
  /** The last stage to run; all unless given. */
  readonly until?: StageName;
  /** Run every stage, also those whose results could be reused. */
  readonly force?: boolean;
  /** Told what happens, such as every pass with its verdict. */
  readonly onLine?: (text: string) => void;
  /** Told how far a long step is. */
  readonly onProgress?: Watcher["progress"];
  /** Stops the build; a checkpoint is left, and the same call goes on from it. */
  readonly signal?: AbortSignal;
}

export interface BuildResult {
  /** The run folder. */
  readonly folder: string;
  /** What `report.json` holds. */
  readonly report: Report;
  /** What the command line would exit with, and why. */
  readonly outcome: Outcome;
}

/**
 * `dbnc build`: train, optimise, emit, simulate and prove, with the results in a run folder.
 *
 * @throws {UserError} for settings or data that cannot work, or a tool that is missing. Verdicts are values: see `outcome`.
 */
export async function build(settings: Settings, options: BuildOptions = {}): Promise<BuildResult> {
  const config = resolveConfig({ ...settings }, [], "settings");
  const { out = "rtl-out", until, force = false, onLine, onProgress, signal } = options;
  const folder = join(out, config.name);
  const upTo = until === undefined ? STAGE_NAMES.length : 1 + STAGE_NAMES.indexOf(until);
  const watcher: Watcher = {
    stage: (name, reused) => onLine?.(reused ? `${name}: results reused` : name),
    progress: (done, total, label, fields) => onProgress?.(done, total, label, fields),
    line: (text) => onLine?.(text),
  };
  const report = await runStagesIn(folder, config, STAGE_NAMES.slice(0, upTo), {
    watcher,
    force,
    dumpAfter: [],
    signal: signal ?? new AbortController().signal,
  });
  return { folder, report, outcome: outcomeOf(report) };
}
