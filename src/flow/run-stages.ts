import type { Config } from "../config/schema.js";
import { writeConfig } from "../config/write.js";
import { emptyReport, type Report, ReportSchema, withoutSeconds } from "../report/schema.js";
import { VERSION } from "../version.js";
import { eventLoopTurn } from "./event-loop.js";
import { sha256, stableJson } from "./files.js";
import { type Manifest, readManifest, requireStage, writeManifest } from "./manifest.js";
import { failureOf } from "./outcome.js";
import { ownCode } from "./own-code.js";
import type { PreparedData } from "./prepared-data.js";
import type { RunFolder } from "./run-folder.js";
import { STAGE_NAMES, type Stage, type StageContext, type StageName, type Watcher } from "./stage.js";
import { STAGES } from "./stages.js";
import { refuseOtherTraining } from "./training-settings.js";

const REPORT = "report.json";
const CONFIG = "dbnc.yaml";

export interface RunOptions {
  readonly watcher: Watcher;
  readonly signal: AbortSignal;
  readonly dumpAfter: readonly string[];
  /** Run the stage even when its inputs did not change. */
  readonly force: boolean;
  /** SHA-256 of every data file by its name. */
  readonly dataHashes: () => Promise<Readonly<Record<string, string>>>;
  readonly data: () => Promise<PreparedData>;
}

/**
 * Run stages in order, reusing those whose inputs, options and versions did not change and whose outputs are
 * still as they were written.
 *
 * @returns the report after the last stage.
 */
export async function runStages(
  run: RunFolder,
  config: Config,
  names: readonly StageName[],
  options: RunOptions,
): Promise<Report> {
  const manifest = readManifest(run, config.name, config.seed);
  const report = readReport(run, config);
  const context: StageContext = { config, run, report, ...options };
  const wanted = chosen(config, names);
  // What the last stage cannot do must not show after an hour of training.
  for (const stage of wanted) {
    stage.check?.(context);
    await stage.versions(context);
  }
  const wants = (name: StageName): boolean => wanted.some((stage) => stage.name === name);
  if (manifest.stages["train"] !== undefined && run.exists(CONFIG) && !wants("train"))
    refuseOtherTraining(run, CONFIG, config, wants("prune"));
  run.write(CONFIG, writeConfig(config, { comments: false }));
  forgetUnwanted(config, manifest, report);
  for (const stage of wanted) {
    for (const { name: earlier } of chosen(config, stage.after)) requireStage(manifest, earlier, run.path);
    try {
      await runStage(stage, context, manifest, options);
    } catch (error) {
      throw failureOf(error, report);
    }
    await eventLoopTurn();
    options.signal.throwIfAborted();
  }
  return report;
}

/** The stages of these names that the configuration wants. */
const chosen = (config: Config, names: readonly StageName[]): Stage[] =>
  STAGES.filter((stage) => names.includes(stage.name) && stage.wanted?.(config) !== false);

function readReport(run: RunFolder, config: Config): Report {
  const fresh = emptyReport(config.name, config.seed);
  if (!run.exists(REPORT)) return fresh;
  try {
    return { ...ReportSchema.parse(JSON.parse(run.readText(REPORT))), name: config.name, seed: config.seed };
  } catch {
    return fresh;
  }
}

async function runStage(
  stage: Stage,
  context: StageContext,
  manifest: Manifest,
  options: RunOptions,
): Promise<void> {
  const { run, report, watcher } = context;
  const { key, versions, data } = await keyOf(stage, context, options);
  if (!options.force && isCurrent(stage, manifest, key, run, report)) {
    watcher.stage(stage.name, true);
    run.log("stage-reused", { stage: stage.name });
    return;
  }
  watcher.stage(stage.name, false);
  run.log("stage-begin", { stage: stage.name });
  forget(stage, manifest, report);
  save(run, report, manifest);
  const begin = performance.now();
  const outputs = await stage.execute(context);
  report.seconds[stage.name] = Math.round(performance.now() - begin) / 1000;
  Object.assign(manifest.versions, versions);
  Object.assign(manifest.inputs, data);
  manifest.stages[stage.name] = {
    key,
    outputs: Object.fromEntries(outputs.map((file) => [file, run.hash(file)!])),
    report: sha256(stableJson(stage.sections(report))),
  };
  save(run, report, manifest);
  run.log("stage-end", { stage: stage.name, seconds: report.seconds[stage.name] });
}

/** What a stage's outputs depend on, and the hash of it all. */
async function keyOf(
  stage: Stage,
  context: StageContext,
  { dataHashes }: Pick<RunOptions, "dataHashes">,
): Promise<{ key: string; versions: Record<string, string>; data: Readonly<Record<string, string>> }> {
  const build = stage.outlivesBuild === true ? {} : { "dbnc's code": ownCode() };
  const versions = { dbnc: VERSION, ...build, ...(await stage.versions(context)) };
  const data = stage.readsData ? await dataHashes() : {};
  const inputs = Object.fromEntries(stage.inputs(context).map((file) => [file, context.run.hash(file)]));
  const options = stage.options(context.config);
  return { key: sha256(stableJson({ stage: stage.name, options, versions, data, inputs })), versions, data };
}

/** The report of a run if `runStages` would reuse all of these stages; null otherwise. */
export async function finishedReport(
  run: RunFolder,
  config: Config,
  names: readonly StageName[],
  options: RunOptions,
): Promise<Report | null> {
  const manifest = readManifest(run, config.name, config.seed);
  const report = readReport(run, config);
  const context: StageContext = { config, run, report, ...options };
  for (const stage of chosen(config, names)) {
    const { key } = await keyOf(stage, context, options);
    if (!isCurrent(stage, manifest, key, run, report)) return null;
  }
  return report;
}

function isCurrent(stage: Stage, manifest: Manifest, key: string, run: RunFolder, report: Report): boolean {
  const record = manifest.stages[stage.name];
  if (record === undefined || record.key !== key) return false;
  if (record.report !== sha256(stableJson(stage.sections(report)))) return false;
  return Object.entries(record.outputs).every(([file, hash]) => run.hash(file) === hash);
}

/** What stages left behind that an earlier configuration wanted and this one does not. */
function forgetUnwanted(config: Config, manifest: Manifest, report: Report): void {
  for (const stage of STAGES) {
    if (stage.wanted?.(config) !== false) continue;
    delete manifest.stages[stage.name];
    delete report.seconds[stage.name];
    stage.clear(report);
  }
}

/** A stage that runs again makes its own results and those that build on them stale. */
function forget(stage: Stage, manifest: Manifest, report: Report): void {
  for (const other of STAGES) {
    if (other !== stage && !other.after.includes(stage.name)) continue;
    delete manifest.stages[other.name];
    delete report.seconds[other.name];
    other.clear(report);
  }
}

function save(run: RunFolder, report: Report, manifest: Manifest): void {
  run.write(REPORT, `${JSON.stringify(ReportSchema.parse(report), null, 2)}\n`);
  manifest.outputs = { [CONFIG]: run.hash(CONFIG)! };
  for (const stage of STAGE_NAMES) Object.assign(manifest.outputs, manifest.stages[stage]?.outputs ?? {});
  manifest.outputs[`${REPORT} (without seconds)`] = sha256(stableJson(withoutSeconds(report)));
  writeManifest(run, manifest);
}
