import { ExitCode } from "../../base/errors.js";
import type { Report, Verdict } from "../report/schema.js";
import type { Outcome } from "./stage.js";

/** Every check of a report with its verdict; those that did not run yet are left out. */
function checks(report: Report): { what: string; verdict: Verdict }[] {
  const { freeze, passes, design, rtl, selfTest, simulations } = report.verification;
  const named: [string, Verdict | null][] = [
    ["the netlist against the model", freeze],
    ["the passes", passes],
    ["the optimised design against the model", design],
    ["the Verilog against the design", rtl],
    ["the self-test of the checks", selfTest?.verdict ?? null],
  ];
  const found = named.flatMap(([what, verdict]) => (verdict === null ? [] : [{ what, verdict }]));
  const simulated = (simulations ?? []).map(({ engine, verdict, mismatches, reason }) => ({
    what: `simulation (${engine}${mismatches > 0 ? `, ${mismatches} mismatches` : ""}${reason === "" ? "" : `: ${reason}`})`,
    verdict,
  }));
  return [...found, ...simulated];
}

/** The exit code that a report calls for (DESIGN: refuted before unknown), and why. */
export function outcomeOf(report: Report): Outcome {
  const all = checks(report);
  const of = (wanted: Verdict): string[] =>
    all.filter(({ verdict }) => verdict === wanted).map(({ what }) => `${wanted}: ${what}`);
  const refuted = of("refuted");
  const unknown = of("unknown");
  if (refuted.length > 0) return { exitCode: ExitCode.refuted, reasons: [...refuted, ...unknown] };
  if (unknown.length > 0) return { exitCode: ExitCode.unknown, reasons: unknown };
  return { exitCode: ExitCode.ok, reasons: [] };
}
