import type { Config } from "../config/schema.js";
import type { Report } from "../report/schema.js";
import { dataSession } from "./data-session.js";
import { REPORT_PAGE, writeReportPage } from "./report-page.js";
import { openRunFolder } from "./run-folder.js";
import { type RunOptions, runStages } from "./run-stages.js";
import type { StageName } from "./stage.js";

export type RunInFolderOptions = Omit<RunOptions, keyof ReturnType<typeof dataSession>>;

/** Run stages in a run folder, whose lock is held meanwhile, and write the report page once `verify` has run. */
export async function runStagesIn(
  path: string,
  config: Config,
  stages: readonly StageName[],
  options: RunInFolderOptions,
): Promise<Report> {
  const run = await openRunFolder(path, { create: stages.includes("train") });
  try {
    const session = dataSession(config);
    const report = await runStages(run, config, stages, { ...options, ...session });
    if (report.verification.rtl === null) run.remove(REPORT_PAGE);
    else await writeReportPage(run, config, report, session.data, options);
    return report;
  } finally {
    await run.close();
  }
}
