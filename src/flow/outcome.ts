import { ExitCode, UserError } from "../../base/errors.js";
import type { Report, SimulationRecord, Verdict } from "../report/schema.js";
import type { Outcome } from "./stage.js";

/** Every check of a report with its verdict; those that did not run yet are left out. */
function checks(report: Report): { what: string; verdict: Verdict }[] {
  const {
    import: imported,
    freeze,
    passes,
    pruning,
    design,
    rtl,
    selfTest,
    simulations,
  } = report.verification;
  const named: [string, Verdict | null][] = [
    ["the model against the imported circuit", imported],
    ["the netlist against the model", freeze],
    ["the passes", passes],
    ["the pruning", pruning],
    ["the optimised design against the model", design],
    ["the Verilog against the design", rtl],
    ["the self-test of the checks", selfTest?.verdict ?? null],
  ];
  const found = named.flatMap(([what, verdict]) => (verdict === null ? [] : [{ what, verdict }]));
  const simulated = (simulations ?? []).map(({ engine, verdict, mismatches, reason }) => ({
    what: `simulation (${engine}${mismatches > 0 ? `, ${mismatches} mismatches` : ""}${reason === "" ? "" : `: ${reason}`})`,
    verdict,
  }));
  const { synthesis } = report;
  if (synthesis !== null) {
    found.push({ what: `the synthesised netlist: ${synthesis.how}`, verdict: synthesis.verdict });
    found.push(
      ...testSet("the test set through the synthesised netlist", synthesis.testSet),
      ...testSet("simulation of the synthesised netlist", synthesis.simulation),
    );
  }
  const { bitstream } = report;
  if (bitstream !== null) {
    const best = bitstream.seeds.find(({ seed }) => seed === bitstream.seed)!;
    found.push({ what: `timing: ${best.fmax} of ${bitstream.clock} MHz`, verdict: bitstream.timing });
    found.push(
      { what: "the unpacked bitstream against what was placed", verdict: bitstream.unpacked },
      {
        what: `what the bitstream does against the netlist: ${bitstream.how}`,
        verdict: bitstream.equivalence,
      },
      ...testSet("the test set through what the bitstream does", bitstream.testSet),
    );
  }
  return [...found, ...simulated];
}

function testSet(what: string, record: SimulationRecord | null): { what: string; verdict: Verdict }[] {
  if (record === null) return [];
  const { verdict, mismatches, reason } = record;
  return [{ what: `${what} (${mismatches} mismatches${reason === "" ? "" : `: ${reason}`})`, verdict }];
}

/** The exit code that a report calls for (DESIGN: refuted before unknown), and why. */
export function outcomeOf(report: Report): Outcome {
  const all = checks(report);
  const of = (wanted: Verdict): string[] =>
    all.filter(({ verdict }) => verdict === wanted).map(({ what }) => `${wanted}: ${what}`);
  const { pruning } = report;
  const missed =
    pruning === null || pruning.met ? [] : [`the pruning budget is missed; the nearest: ${pruning.nearest}`];
  const refuted = [...of("refuted"), ...missed];
  const unknown = of("unknown");
  if (refuted.length > 0) return { exitCode: ExitCode.refuted, reasons: [...refuted, ...unknown] };
  if (unknown.length > 0) return { exitCode: ExitCode.unknown, reasons: unknown };
  return { exitCode: ExitCode.ok, reasons: [] };
}

/**
 * What ends a run whose stage failed: when a tool broke (4) after something had been refuted (2), the run counts as
 * refuted and says both.
 */
export function failureOf(error: unknown, report: Report): unknown {
  if (!(error instanceof UserError) || error.exitCode !== ExitCode.toolMissing) return error;
  const { exitCode, reasons } = outcomeOf(report);
  if (exitCode !== ExitCode.refuted) return error;
  return new UserError(
    error.code,
    `${error.message}; before that: ${reasons.join("; ")}`,
    error.hint,
    exitCode,
  );
}
