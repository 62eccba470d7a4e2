import { netlistSimulations, type Report, type Verdict, worst } from "../../report/schema.js";
import type { StageName } from "../stage.js";

/** A check of a build, whose verdict is in the report. */
export interface Check {
  readonly what: string;
  readonly stage: StageName;
  of(report: Report): Verdict | null;
  /** Where it came to that verdict: names of passes, parts, simulators. */
  where(report: Report, verdict: Verdict): readonly string[];
}

const nowhere = (): readonly string[] => [];
/** A simulation that finds no mismatch or none at all, does not make a proof any weaker. */
const simulated = (synthesis: NonNullable<Report["synthesis"]>): Verdict =>
  worst(
    netlistSimulations(synthesis).flatMap(({ verdict }) =>
      verdict === "agreed" || verdict === "skipped" ? [] : [verdict],
    ),
  );
/** What is known of a bitstream, without what could not be looked at. */
const partsOf = ({ timing, unpacked, equivalence, testSet }: NonNullable<Report["bitstream"]>) =>
  Object.fromEntries(
    Object.entries({ timing, unpacked, equivalence, "test set": testSet?.verdict ?? "skipped" }).filter(
      ([, verdict]) => verdict !== "skipped",
    ),
  );
const ran = ({ simulations }: Report["verification"]) =>
  simulations?.filter(({ verdict }) => verdict !== "skipped") ?? null;

export const CHECKS = {
  freeze: {
    what: "model = netlist",
    stage: "optimize",
    of: ({ verification }) => verification.freeze,
    where: nowhere,
  },
  passes: {
    what: "passes",
    stage: "optimize",
    of: ({ verification }) => verification.passes,
    where: ({ passes }, verdict) =>
      passes?.filter((pass) => pass.verdict === verdict).map((pass) => pass.name) ?? [],
  },
  pruning: {
    what: "pruning",
    stage: "prune",
    of: ({ verification }) => verification.pruning,
    where: nowhere,
  },
  simulation: {
    what: "simulation",
    stage: "simulate",
    of: ({ verification }) => {
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
  design: {
    what: "model = design",
    stage: "verify",
    of: ({ verification }) => verification.design,
    where: nowhere,
  },
  rtl: {
    what: "design = Verilog",
    stage: "verify",
    of: ({ verification }) => verification.rtl,
    where: ({ verification }, verdict) =>
      verification.rtlParts
        ?.filter((part) => part.verdict === verdict)
        .map(({ part, how }) => `${part}: ${how}`) ?? [],
  },
  synthesis: {
    what: "synthesised netlist",
    stage: "synth",
    of: ({ synthesis }) => (synthesis === null ? null : worst([synthesis.verdict, simulated(synthesis)])),
    where: ({ synthesis }) =>
      synthesis === null
        ? []
        : [`${synthesis.how}: ${synthesis.verdict}`, `simulated: ${simulated(synthesis)}`],
  },
  bitstream: {
    what: "bitstream",
    stage: "bitstream",
    of: ({ bitstream }) => (bitstream === null ? null : worst(Object.values(partsOf(bitstream)))),
    where: ({ bitstream }) =>
      bitstream === null ? [] : Object.entries(partsOf(bitstream)).map((part) => part.join(": ")),
  },
} as const satisfies Readonly<Record<string, Check>>;

export type CheckName = keyof typeof CHECKS;
export const CHECK_NAMES = Object.keys(CHECKS) as CheckName[];
