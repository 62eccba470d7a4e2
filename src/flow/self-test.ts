import { checkEquivalent } from "../../compiler/verify/equivalence.js";
import type { RtlPart } from "../../compiler/verify/rtl.js";
import {
  type SelfTestFault,
  type SelfTestSubject,
  selfTest,
} from "../../compiler/verify/self-test/self-test.js";
import { partOfFile } from "../../compiler/verify/self-test/verilog-faults.js";
import type { SolverFactory } from "../../sat/solver.js";
import { type Report, type Verdict, worst } from "../report/schema.js";
import { proveVerilog } from "./prove-verilog.js";
import type { StageContext } from "./stage.js";
import { simulateNetlist } from "./stages/simulate.js";

type SelfTestReport = NonNullable<Report["verification"]["selfTest"]>;

/** The outcomes of planted faults as a section of the report. */
export function selfTestReport(faults: readonly SelfTestFault[]): SelfTestReport {
  const count = (outcome: SelfTestFault["outcome"]): number =>
    faults.filter((fault) => fault.outcome === outcome).length;
  const [missed, falseAlarms, undecided] = [count("missed"), count("false alarm"), count("undecided")];
  const verdict: Verdict =
    missed + falseAlarms > 0 || faults.length === 0 ? "refuted" : undecided > 0 ? "unknown" : "proved";
  return {
    verdict,
    planted: faults.length,
    caught: count("caught"),
    harmless: count("harmless"),
    missed,
    falseAlarms,
    undecided,
    faults: [...faults],
  };
}

/**
 * The self-test: the very checks of the verify and simulate stages, on planted faults. It fills in its section of the
 * report, unless what it would plant faults in is not proved itself.
 *
 * @param json what Yosys made of the Verilog as it stands: a fault has only its own part read again.
 */
export async function testChecks(
  context: StageContext,
  createSolver: SolverFactory,
  subject: SelfTestSubject,
  json: string,
): Promise<void> {
  const { config, report, signal, watcher } = context;
  const { design } = subject;
  if (report.verification.design !== "proved" || report.verification.rtl !== "proved") {
    watcher.line("self-test: not run, for what it would plant faults in is not proved itself");
    return;
  }
  const faults = await selfTest(
    subject,
    {
      netlist: (expected, found) => checkEquivalent(expected, found, { createSolver, seed: config.seed }),
      async verilog(files, changed) {
        const part = partOfFile(changed);
        const own = new Map([...files].filter(([file]) => partOfFile(file) === part));
        const rest = { part, json };
        const found = await proveVerilog(context, createSolver, design, own, { rest });
        return {
          verdict: worst(found.parts.map(({ verdict }) => verdict)) as RtlPart["verdict"],
          json: found.json,
        };
      },
      vectors: (text) => (simulateNetlist(design, text).verdict === "agreed" ? "agreed" : "refuted"),
    },
    {
      seed: config.seed,
      faults: config.verify.selfTest,
      onFault({ target, kind, what, outcome }, done, total) {
        signal.throwIfAborted();
        if (outcome !== "caught" && outcome !== "harmless")
          watcher.line(`self-test: ${outcome}: ${kind} in the ${target}, ${what}`);
        watcher.progress(done, total, "self-test", { fault: `${kind}: ${outcome}` });
      },
    },
  );
  report.verification.selfTest = selfTestReport(faults);
}
