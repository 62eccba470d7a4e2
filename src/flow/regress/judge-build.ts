import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ExitCode } from "../../../base/errors.js";
import { type Report, ReportSchema, simulationsOf, type Verdict } from "../../report/schema.js";
import { isLost, type TaskEnd } from "../launch.js";
import { STAGE_NAMES } from "../stage.js";
import { STAGES } from "../stages.js";
import { type Build, reproduceBuild } from "./builds.js";
import { CHECK_NAMES, CHECKS, type CheckName } from "./checks.js";
import { metricsOf } from "./metrics.js";
import { type BuildResult, type Finding, type Status, worstStatus } from "./results.js";

/** Lines of a log that are shown of a build that did not pass. */
const TAIL = 20;

/** What came of a build: its files say, and the launcher where they do not. */
export function judgeBuild(build: Build, end: TaskEnd, folder: string): BuildResult {
  const report = readReport(build);
  const ended = endFindings(build, end);
  // After an early end, stages that did not run have no verdict.
  const findings = [...ended, ...(report === null ? [] : reportFindings(build, report, ended.length === 0))];
  // What a build says of itself counts even if no check here has found it.
  if (findings.length === 0) findings.push(...exitFindings(end, report));
  const status = worstStatus(findings.map((finding) => finding.status));
  return {
    ...recordOf(build, folder),
    status,
    reasons: findings.map(({ what }) => what),
    metrics: report === null ? {} : metricsOf(report),
    seconds: Math.round(10 * end.seconds) / 10,
    megabytes: end.megabytes,
    attempts: end.attempts,
    exitCode: end.exitCode,
    tail: status === "passed" ? "" : tailOf(build.log),
    waves: wavesOf(build.path),
  };
}

/** A build that was never begun. */
export const notRun = (build: Build, folder: string): BuildResult => ({
  ...recordOf(build, folder),
  status: "not run",
  reasons: [],
  metrics: {},
  seconds: 0,
  megabytes: null,
  attempts: 0,
  exitCode: null,
  tail: "",
  waves: [],
});

const recordOf = (build: Build, folder: string) => ({
  case: build.of.name,
  seed: build.seed,
  log: build.log,
  reproduce: reproduceBuild(build, folder),
});

/** The report, if it is this build's. */
function readReport({ path, config }: Build): Report | null {
  const file = join(path, "report.json");
  if (!existsSync(file)) return null;
  const report = ReportSchema.safeParse(JSON.parse(readFileSync(file, "utf8"))).data;
  return report?.name === config.name && report.seed === config.seed ? report : null;
}

/** Codes after which the report says what there is to say. */
const REPORTED: readonly (number | null)[] = [ExitCode.ok, ExitCode.refuted, ExitCode.unknown];

function endFindings({ of }: Build, end: TaskEnd): Finding[] {
  const { exitCode, stopped, killer, attempts, errors } = end;
  if (stopped === "time")
    return [
      {
        status: "failed",
        what: `time: expected at most ${of.limits.seconds ?? "Slurm's"} s but it went on, and was stopped`,
      },
    ];
  if (stopped === "memory")
    return [
      {
        status: "failed",
        what: `memory: expected at most ${of.limits.megabytes} MB but found ${end.megabytes}, and stopped it`,
      },
    ];
  const tries = attempts > 1 ? ` (${attempts} times)` : "";
  if (isLost(end))
    return [{ status: "broken", what: `lost by the machine it ran on${tries}: ${lastWords(errors)}` }];
  if (exitCode === null) return [{ status: "failed", what: `dbnc crashed: killed by ${killer}` }];
  if (exitCode === ExitCode.toolMissing) return [{ status: "broken", what: lastWords(errors) }];
  if (exitCode === ExitCode.ok && of.limits.megabytes !== null && end.megabytes === null)
    return [{ status: "unknown", what: "memory: this system does not tell how much was taken" }];
  return REPORTED.includes(exitCode) ? [] : [{ status: "failed", what: lastWords(errors) }];
}

/** What does not hold of a report; `whole`: all stages ran. */
function reportFindings({ of, config }: Build, report: Report, whole: boolean): Finding[] {
  const last = STAGE_NAMES.indexOf(of.until);
  const checks = CHECK_NAMES.filter(
    (name) =>
      STAGE_NAMES.indexOf(CHECKS[name].stage) <= last &&
      STAGES.find((stage) => stage.name === CHECKS[name].stage)!.wanted?.(config) !== false &&
      (whole || CHECKS[name].of(report) !== null),
  );
  const findings = checks.flatMap((name) => verdictFinding(name, report, of.expect.verdicts[name]));
  const mismatches = simulationsOf(report).reduce((n, record) => n + record.mismatches, 0);
  if (mismatches > of.expect.mismatches) {
    const what = `mismatches: expected at most ${of.expect.mismatches} but found ${mismatches}`;
    findings.push({ status: "failed", what });
  }
  return findings;
}

function verdictFinding(name: CheckName, report: Report, wanted: "proved" | "agreed"): Finding[] {
  const { what, of, where } = CHECKS[name];
  const found = of(report);
  if (found === "proved" || found === wanted) return [];
  const places = found === null ? [] : where(report, found);
  const at = places.length === 0 ? "" : ` (${places.join("; ")})`;
  return [
    { status: statusOf(found), what: `${what}: expected ${wanted} but found ${found ?? "no verdict"}${at}` },
  ];
}

const statusOf = (verdict: Verdict | null): Status => (verdict === "unknown" ? "unknown" : "failed");

function exitFindings({ exitCode, errors }: TaskEnd, report: Report | null): Finding[] {
  if (report === null)
    return [{ status: "failed", what: "expected a report.json of this build but found none" }];
  if (exitCode === ExitCode.refuted) return [{ status: "failed", what: lastWords(errors) }];
  if (exitCode === ExitCode.unknown) return [{ status: "unknown", what: lastWords(errors) }];
  return [];
}

/** The message with which a command ended; a hint may follow it. */
function lastWords(errors: string): string {
  const lines = errors.trim().split("\n");
  return (lines.findLast((line) => line.startsWith("dbnc: ")) ?? lines.at(-1)!).replace("dbnc: ", "");
}

const tailOf = (log: string): string =>
  existsSync(log) ? readFileSync(log, "utf8").trimEnd().split("\n").slice(-TAIL).join("\n") : "";

function wavesOf(path: string): string[] {
  const folder = join(path, "waves");
  return existsSync(folder)
    ? readdirSync(folder)
        .sort()
        .map((name) => join(folder, name))
    : [];
}
