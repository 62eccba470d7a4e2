import { type Report, type Verdict, worst } from "../../report/schema.js";
import type { StageName } from "../stage.js";

/** A check of a build, whose verdict is in the report. */
export interface Check {
  readonly what: string;
  readonly stage: StageName;
  of(verification: Report["verification"]): Verdict | null;
  /** Where it came to that verdict: names of passes, parts, simulators. */
  where(report: Report, verdict: Verdict): readonly string[];
}

const nowhere = (): readonly string[] => [];
const ran = ({ simulations }: Report["verification"]) =>
  simulations?.filter(({ verdict }) => verdict !== "skipped") ?? null;

export const CHECKS = {
  freeze: {
    what: "model = netlist",
    stage: "optimize",
    of: ({ freeze }) => freeze,
    where: nowhere,
  },
  passes: {
    what: "passes",
    stage: "optimize",
    of: ({ passes }) => passes,
    where: ({ passes }, verdict) =>
      passes?.filter((pass) => pass.verdict === verdict).map((pass) => pass.name) ?? [],
  },
  simulation: {
    what: "simulation",
    stage: "simulate",
    of: (verification) => {
      const records = ran(verification);
      return records === null ? null : worst(records.map(({ verdict }) => verdict));
    },
    where: ({ verification }, verdict) =>
      ran(verification)
        ?.filter((record) => record.verdict === verdict)
        .map(({ engine, mismatches, samples, reason }) =>
          mismatches > 0 ? `${engine}, ${mismatches} of ${samples} samples` : `${engine}: ${reason}`,
        ) ?? [],
  },
  design: { what: "model = design", stage: "verify", of: ({ design }) => design, where: nowhere },
  rtl: {
    what: "design = Verilog",
    stage: "verify",
    of: ({ rtl }) => rtl,
    where: ({ verification }, verdict) =>
      verification.rtlParts
        ?.filter((part) => part.verdict === verdict)
        .map(({ part, how }) => `${part}: ${how}`) ?? [],
  },
} as const satisfies Readonly<Record<string, Check>>;

export type CheckName = keyof typeof CHECKS;
export const CHECK_NAMES = Object.keys(CHECKS) as CheckName[];
