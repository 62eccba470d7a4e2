import type { ExitCode } from "../../base/errors.js";
import type { Config } from "../config/schema.js";
import type { Report } from "../report/schema.js";
import type { PreparedData } from "./prepared-data.js";
import type { RunFolder } from "./run-folder.js";

export const STAGE_NAMES = [
  "train",
  "optimize",
  "prune",
  "emit",
  "simulate",
  "verify",
  "synth",
  "bitstream",
] as const;
export type StageName = (typeof STAGE_NAMES)[number];

/** What a stage tells whoever watches. */
export interface Watcher {
  /** A stage begins, or its results are reused. */
  stage(name: StageName, reused: boolean): void;
  /** How far a long step is; `fields` are short texts such as the loss. */
  progress(done: number, total: number, label: string, fields: Readonly<Record<string, string>>): void;
  /** One finished line of the stage, such as a pass with its verdict. */
  line(text: string): void;
}

export interface StageContext {
  readonly config: Config;
  readonly run: RunFolder;
  /** The report so far; a stage changes its own sections only. */
  readonly report: Report;
  /** The data set, read once however many stages ask. */
  data(): Promise<PreparedData>;
  readonly watcher: Watcher;
  readonly signal: AbortSignal;
  /** Passes after which the design is written to `dump/`. */
  readonly dumpAfter: readonly string[];
  /** Results and checkpoints of earlier runs do not count. */
  readonly force: boolean;
}

/** One step of the flow: reads the files of those before it and writes its own. */
export interface Stage {
  readonly name: StageName;
  readonly summary: string;
  /** Whether a build with this configuration runs it; it does when absent. */
  wanted?(config: Config): boolean;
  /** Stages whose outputs it reads, directly or not; of these, only wanted ones are needed. */
  readonly after: readonly StageName[];
  /** Files of the run folder that it reads; their hashes are part of its cache key. */
  inputs(context: StageContext): readonly string[];
  /** Everything of the configuration that its outputs depend on. */
  options(config: Config): unknown;
  /** Versions of the tools it runs by name; part of its cache key. @throws {UserError} for a missing tool. */
  versions(context: StageContext): Promise<Readonly<Record<string, string>>>;
  /** Whether its results count for another build of the same version of dbnc; they do not when absent. */
  readonly outlivesBuild?: boolean;
  /** Refuse settings that cannot work; called before any stage runs. @throws {UserError} */
  check?(context: StageContext): void;
  /** Whether the data set's files are part of its cache key. */
  readonly readsData: boolean;
  /** The sections of the report that it writes, for the manifest. */
  sections(report: Report): unknown;
  /** Empty those sections: a stage before it ran again. */
  clear(report: Report): void;
  /** Do the work and name the files written. */
  execute(context: StageContext): Promise<readonly string[]>;
}

/** What the results so far mean for the exit code. */
export type Outcome = { readonly exitCode: ExitCode; readonly reasons: readonly string[] };
