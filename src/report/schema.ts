import { z } from "zod";
import { INTERFACES } from "../../compiler/emit/verilog/interface/kinds.js";
import { SAVINGS } from "../../compiler/prune/savings.js";

/** `report.json`, version 1 (docs/formats/report.md). Sections of stages that did not run yet are null. */
export const Verdict = z.enum(["proved", "refuted", "agreed", "unknown", "skipped"]);
export type Verdict = z.infer<typeof Verdict>;

const count = z.int().min(0);
const fraction = z.number().min(0).max(1);

export const SimulationRecord = z.strictObject({
  engine: z.enum(["netlist", "icarus", "verilator"]),
  /** Through the interface's outermost module; not given for the top. */
  interface: z.enum(INTERFACES).optional(),
  samples: count,
  mismatches: count,
  verdict: Verdict,
  /** Why it was skipped or stayed unknown; empty otherwise. */
  reason: z.string(),
});
export type SimulationRecord = z.infer<typeof SimulationRecord>;

/** Look-up tables by part, by our own mapper. */
const LutCost = z.strictObject({ encoder: count, core: count, readout: count });

/** Something counted part by part. */
const PartCount = z.strictObject({ encoder: count, core: count, readout: count, interface: count });

/** What was emitted: LUTs by our own mapper, and flip-flops, of every part. */
const HardwareRecord = z.strictObject({
  interface: z.enum(INTERFACES),
  /** Registers on every path through core and readout. */
  latency: count,
  lut4: PartCount,
  lut6: PartCount,
  flipFlops: PartCount,
});
export type HardwareRecord = z.infer<typeof HardwareRecord>;

export const SelfTestRecord = z.strictObject({
  /** Proved: every fault that changes the function was caught, every other one proved harmless. */
  verdict: Verdict,
  planted: count,
  caught: count,
  harmless: count,
  missed: count,
  falseAlarms: count,
  undecided: count,
  faults: z.array(
    z.strictObject({
      target: z.enum(["netlist", "verilog", "vectors"]),
      kind: z.string(),
      what: z.string(),
      outcome: z.enum(["caught", "harmless", "missed", "false alarm", "undecided"]),
    }),
  ),
});

const Resources = z.strictObject({
  luts: count,
  lutSizes: z.array(count),
  carries: count,
  muxes: count,
  flipFlops: count,
  memories: count,
  multipliers: count,
  logicCells: count.nullable(),
  cells: z.record(z.string(), count),
});

/** The synthesised netlist: what it takes, and what is known of it. */
const SynthesisRecord = z.strictObject({
  target: z.string(),
  top: z.string(),
  /** Who mapped to LUTs: our mapper (luts) or Yosys (gates). */
  handover: z.enum(["luts", "gates"]),
  resources: Resources,
  /** LUTs by every way that was tried; `places` counts those that carry cells hold too, or iCE40's logic cells. */
  tried: z.array(
    z.strictObject({ handover: z.enum(["luts", "gates"]), luts: count, places: count.optional() }),
  ),
  /** Whether the device holds it; null for a whole family. */
  fits: z.boolean().nullable(),
  /** Against the design, or with registers against the Verilog; `how` says what was compared. */
  verdict: Verdict,
  how: z.string(),
  /** Every test sample through the synthesised netlist's pins, in our interpreter; null in reports before version 0.2. */
  testSet: SimulationRecord.nullable().default(null),
  /** Those that fit a tenth of `simulate.cycles`, in Icarus with Yosys's models of the cells. */
  simulation: SimulationRecord,
});

/** A board's bitstream. */
const BitstreamRecord = z.strictObject({
  board: z.string(),
  file: z.string(),
  bytes: count,
  logicCells: z.strictObject({ used: count, available: count }),
  /** MHz of the board's oscillator. */
  clock: z.number(),
  /** MHz, the median over the seeds. */
  fmax: z.number().nullable(),
  seeds: z.array(z.strictObject({ seed: count, fmax: z.number().nullable() })),
  /** The seed that was packed. */
  seed: count,
  /** Whether that one meets the clock. */
  timing: Verdict,
  /** The bitstream unpacked again against the placed configuration. */
  unpacked: Verdict,
  /** What it does against the synthesised netlist, register by register; `how` says what was compared. */
  equivalence: Verdict.default("skipped"),
  how: z.string().default(""),
  /** Every test sample through the pins of what it does; null when it was not read back. */
  testSet: SimulationRecord.nullable().default(null),
});
export type BitstreamRecord = z.infer<typeof BitstreamRecord>;

export const ReportSchema = z.strictObject({
  schema: z.literal(1),
  name: z.string(),
  seed: count,
  dataset: z
    .strictObject({
      name: z.string(),
      train: count,
      validation: count,
      test: count,
      features: count,
      classes: count,
    })
    .nullable(),
  accuracy: z
    .strictObject({ validation: fraction, test: fraction, testSoft: fraction.nullable() })
    .nullable(),
  gates: z
    .strictObject({ trained: count, shared: count, frozen: count.nullable(), final: count.nullable() })
    .nullable(),
  luts: z.strictObject({ lut4: LutCost, lut6: LutCost }).nullable(),
  encoder: z.strictObject({ features: count, bits: count, width: count }).nullable(),
  /** The lossy part, which `gates.final` and `luts` do not count; null unless pruning was asked for. */
  pruning: z
    .strictObject({
      ranking: z.string(),
      budget: z.strictObject({
        maxAccuracyDrop: fraction.nullable(),
        maxGates: count.nullable(),
        maxLuts: count.nullable(),
        target: z.string(),
      }),
      met: z.boolean(),
      /** What was found instead, in words, when the budget could not be met. */
      nearest: z.string().nullable(),
      substitutions: count,
      /** By what gates were replaced by, over all rounds. */
      savings: z
        .array(z.strictObject({ kind: z.enum(SAVINGS), substitutions: count, gates: z.int() }))
        .default([]),
      /** Outputs of the core: before, with the readout folded (lossless), and in the end. */
      votes: z.strictObject({ before: count, folded: count, after: count }),
      gates: z.strictObject({ before: count, after: count }),
      /** With the readout folded and nothing else. */
      foldedLuts: z.strictObject({ lut4: LutCost, lut6: LutCost }),
      luts: z.strictObject({ lut4: LutCost, lut6: LutCost }),
      validation: z.strictObject({ before: fraction, after: fraction }),
      test: fraction,
    })
    .nullable(),
  /** Accuracy against gates on the way of every ranking; null unless asked for. */
  pareto: z
    .array(z.strictObject({ ranking: z.string(), gates: count, validation: fraction, test: fraction }))
    .nullable(),
  passes: z
    .array(
      z.strictObject({
        name: z.string(),
        before: count,
        after: count,
        stats: z.record(z.string(), z.number()),
        seconds: z.number(),
        verdict: Verdict,
      }),
    )
    .nullable(),
  verification: z.strictObject({
    /** An imported circuit against the model made of it; null for a network that was trained, or came as a model file. */
    import: Verdict.nullable(),
    /** Model against frozen netlist: every gate on its four patterns, then every sample of every split. */
    freeze: Verdict.nullable(),
    /** The worst verdict of the passes. */
    passes: Verdict.nullable(),
    /** The worst verdict of what follows the choice of substitutions: applying them, and the passes after that. */
    pruning: Verdict.nullable(),
    /** Frozen model against the optimised netlist, as one miter. */
    design: Verdict.nullable(),
    /** Optimised design against the emitted Verilog as Yosys reads it. */
    rtl: Verdict.nullable(),
    rtlParts: z.array(z.strictObject({ part: z.string(), verdict: Verdict, how: z.string() })).nullable(),
    /** Faults planted to test the checks; null unless asked for (`verify.selfTest`). */
    selfTest: SelfTestRecord.nullable(),
    /** The strongest simulation that ran (RTL before netlist). */
    simulation: SimulationRecord.nullable(),
    simulations: z.array(SimulationRecord).nullable(),
  }),
  hardware: HardwareRecord.nullable().default(null),
  synthesis: SynthesisRecord.nullable().default(null),
  bitstream: BitstreamRecord.nullable().default(null),
  seconds: z.record(z.string(), z.number()),
});
export type Report = z.infer<typeof ReportSchema>;

/** The report of a run of which no stage has run yet. */
export const emptyReport = (name: string, seed: number): Report => ({
  schema: 1,
  name,
  seed,
  dataset: null,
  accuracy: null,
  gates: null,
  luts: null,
  encoder: null,
  pruning: null,
  pareto: null,
  passes: null,
  verification: {
    import: null,
    freeze: null,
    passes: null,
    pruning: null,
    design: null,
    rtl: null,
    rtlParts: null,
    selfTest: null,
    simulation: null,
    simulations: null,
  },
  hardware: null,
  synthesis: null,
  bitstream: null,
  seconds: {},
});

const SEVERITY: readonly Verdict[] = ["refuted", "unknown", "skipped", "agreed", "proved"];

/** The weakest of several verdicts; `proved` when there is none. */
export const worst = (verdicts: readonly Verdict[]): Verdict =>
  SEVERITY.find((v) => verdicts.includes(v)) ?? "proved";

/** Every simulation that was asked for: of the Verilog, of the synthesised netlist, of the bitstream. */
export const simulationsOf = ({
  verification,
  synthesis,
  bitstream,
}: Pick<Report, "verification" | "synthesis" | "bitstream">): SimulationRecord[] =>
  [
    ...(verification.simulations ?? []),
    ...(synthesis === null ? [] : netlistSimulations(synthesis)),
    bitstream?.testSet ?? null,
  ].filter((record) => record !== null);

/** The simulations of the synthesised netlist. */
export const netlistSimulations = ({
  testSet,
  simulation,
}: NonNullable<Report["synthesis"]>): SimulationRecord[] =>
  [testSet, simulation].filter((record) => record !== null);

/** The report without any wall-clock time: what the manifest hashes. */
export const withoutSeconds = (report: Report): unknown => ({
  ...report,
  seconds: {},
  passes: report.passes?.map((pass) => ({ ...pass, seconds: 0 })) ?? null,
});
