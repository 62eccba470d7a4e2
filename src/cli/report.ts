import { join } from "node:path";
import { Command } from "commander";
import { UserError } from "../../base/errors.js";
import { loadConfig } from "../config/load.js";
import { dataSession } from "../flow/data-session.js";
import { readFileChecked, writeFileAtomic } from "../flow/files.js";
import { REPORT_PAGE, writeReportPage } from "../flow/report-page.js";
import { openRunFolder } from "../flow/run-folder.js";
import { type ComparedRow, compareReports } from "../report/compare.js";
import { renderComparison, shown, shownChange } from "../report/html/compare.js";
import { type Report, ReportSchema } from "../report/schema.js";
import { addCommonOptions, type CommonOptions } from "./options.js";

const EXAMPLES = `
Examples:
  dbnc report rtl-out/demo                           writes rtl-out/demo/report.html, as dbnc build does at its end
  dbnc report rtl-out/mnist rtl-out/mnist-pruned     compares two runs
  dbnc report rtl-out/a rtl-out/b -o compare.html    and as a page
  dbnc report rtl-out/a rtl-out/b --json`;

/** `dbnc report`: the report page of a run, or what differs between two. */
export function reportCommand(): Command {
  const command = new Command("report")
    .description("write a run's report.html, or compare two runs")
    .argument("<RUN>", "a run folder")
    .argument("[OTHER]", "a second one, to compare with the first")
    .option("-o, --output <file>", "of two runs: write the comparison as a page");
  addCommonOptions(command).addHelpText("after", EXAMPLES);
  return command.action(async (run: string, other: string | undefined, options: ReportOptions) => {
    if (other === undefined) await writeOne(run, options);
    else compare(run, other, options);
  });
}

interface ReportOptions extends CommonOptions {
  readonly output?: string;
}

async function writeOne(path: string, { output, quiet, json }: ReportOptions): Promise<void> {
  if (output !== undefined)
    throw new UserError("usage/output", "--output: expected two runs but found one", "it is for comparisons");
  const report = readReport(path);
  if (report.gates?.final == null)
    throw new UserError(
      "run/stage",
      `${path}: expected an optimised design but found none`,
      `run dbnc optimize --run ${path} first`,
    );
  const config = loadConfig(join(path, "dbnc.yaml"), []);
  const run = await openRunFolder(path, { create: false });
  try {
    await writeReportPage(run, config, report, dataSession(config).data, { force: true });
    const page = join(path, REPORT_PAGE);
    if (json === true) process.stdout.write(`${JSON.stringify({ page })}\n`);
    else if (quiet !== true) process.stdout.write(`${page}\n`);
  } finally {
    await run.close();
  }
}

function compare(a: string, b: string, { output, quiet, json }: ReportOptions): void {
  const rows = compareReports(readReport(a), readReport(b));
  if (output !== undefined) writeFileAtomic(output, renderComparison(a, b, rows));
  if (json === true) process.stdout.write(`${JSON.stringify({ a, b, rows }, null, 2)}\n`);
  else if (quiet !== true) process.stdout.write(asTable(a, b, rows));
}

function asTable(a: string, b: string, rows: readonly ComparedRow[]): string {
  const cells = [
    ["", a, b, "change"],
    ...rows.map((row) => [row.what, shown(row.what, row.a), shown(row.what, row.b), shownChange(row)]),
  ];
  const widths = [0, 1, 2, 3].map((i) => Math.max(...cells.map((row) => row[i]!.length)));
  const line = (row: readonly string[]): string =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join("  ");
  return cells.map((row) => `${line(row).trimEnd()}\n`).join("");
}

function readReport(path: string): Report {
  const file = join(path, "report.json");
  const text = Buffer.from(readFileChecked(file, "name a run folder; dbnc build makes one")).toString("utf8");
  try {
    return ReportSchema.parse(JSON.parse(text));
  } catch {
    throw new UserError(
      "report/format",
      `${file}: expected a report of this version of dbnc but found something else`,
      "run dbnc build again",
    );
  }
}
