import { dirname, join } from "node:path";
import { z } from "zod";
import { UserError } from "../../../base/errors.js";
import { checkTree } from "../../config/check-tree.js";
import { nameOfFile, readBase, readYaml, type Tree } from "../../config/load.js";
import { STAGE_NAMES, type StageName } from "../stage.js";
import { CHECK_NAMES, type CheckName } from "./checks.js";
import { METRIC_NAMES, METRICS, type MetricName, type MetricValues } from "./metrics.js";

const metrics = <T extends z.ZodType>(value: T) =>
  Object.fromEntries(METRIC_NAMES.map((name) => [name, value.optional()])) as Record<
    MetricName,
    z.ZodOptional<T>
  >;

const ExpectSchema = z.strictObject({
  ...metrics(z.number().min(0)),
  verdicts: z
    .strictObject(
      Object.fromEntries(
        CHECK_NAMES.map((name) => [name, z.enum(["proved", "agreed"]).optional()]),
      ) as Record<CheckName, z.ZodOptional<z.ZodEnum<{ proved: "proved"; agreed: "agreed" }>>>,
    )
    .default({}),
  mismatches: z.int().min(0).optional(),
});
const LimitsSchema = z.strictObject({
  seconds: z.number().gt(0).optional(),
  megabytes: z.number().gt(0).optional(),
});
const ToleranceSchema = z.strictObject({
  ...metrics(z.number().min(0)),
  noise: z.number().min(0).optional(),
});

const name = z.string().regex(/^[A-Za-z][A-Za-z0-9_-]*$/, "expected a letter, then letters, digits, _ or -");
const Common = {
  base: z.union([z.string().min(1), z.record(z.string(), z.json())]).optional(),
  set: z.record(z.string(), z.json()).default({}),
  seeds: z
    .array(z.int().min(0))
    .min(1)
    .refine((seeds) => new Set(seeds).size === seeds.length, "expected different seeds")
    .optional(),
  until: z.enum(STAGE_NAMES).optional(),
  expect: ExpectSchema.prefault({}),
  limits: LimitsSchema.default({}),
  tolerance: ToleranceSchema.default({}),
};

/** A suite file (docs/formats/suite.md). */
const SuiteSchema = z.strictObject({
  name: name.optional(),
  baseline: z.string().min(1).optional(),
  defaults: z.strictObject(Common).prefault({}),
  cases: z
    .record(name, z.strictObject(Common))
    .refine((cases) => Object.keys(cases).length > 0, "expected at least one case"),
});

/** What a case's builds are held to. Numbers are of the median over the seeds; the rest is of every build. */
export interface Expectations {
  /** At least, or for sizes at most. */
  readonly metrics: MetricValues;
  /** The least that each check has to come to. */
  readonly verdicts: Readonly<Record<CheckName, "proved" | "agreed">>;
  /** Most mismatches in all simulations of a build together. */
  readonly mismatches: number;
}

/** One configuration, built once with each seed. */
export interface Case {
  readonly name: string;
  readonly base: Tree;
  /** Dotted keys over `base`. */
  readonly set: Tree;
  readonly seeds: readonly number[];
  /** The last stage of its builds. */
  readonly until: StageName;
  readonly expect: Expectations;
  readonly limits: { readonly seconds: number | null; readonly megabytes: number | null };
  readonly tolerance: Readonly<Record<MetricName, number>> & {
    /** Standard errors of the difference of two medians that count as seed noise. */
    readonly noise: number;
  };
}

export interface Suite {
  readonly name: string;
  /** The file that it was read from. */
  readonly path: string;
  /** Path of the baseline file, which need not be there. */
  readonly baseline: string;
  readonly cases: readonly Case[];
}

const EXPECTED_VERDICTS: Expectations["verdicts"] = {
  freeze: "proved",
  passes: "proved",
  design: "proved",
  rtl: "proved",
  pruning: "proved",
  synthesis: "proved",
  simulation: "agreed",
  // Its timing is measured, not proved.
  bitstream: "agreed",
};
const EXPECTED_TOLERANCE = Object.fromEntries(
  METRIC_NAMES.map((metric) => [metric, METRICS[metric].tolerance]),
) as Record<MetricName, number>;

/** Read a suite file. @throws {UserError} for a missing file, bad YAML, an unknown key or a bad value. */
export function readSuite(path: string): Suite {
  const tree = readYaml(path, "a suite file", "docs/formats/suite.md shows one");
  const found = checkTree(tree, SuiteSchema, path, "suite", "docs/formats/suite.md describes suites");
  const { defaults, cases } = found;
  for (const [where, { set }] of [["defaults", defaults], ...Object.entries(cases)] as const) {
    const reserved = ["name", "seed"].find((key) => key in set);
    if (reserved !== undefined)
      throw new UserError(
        "suite/key",
        `${path}: ${where}.set: expected keys other than name and seed but found "${reserved}"`,
        "the suite names its builds, and seeds lists their seeds",
      );
  }
  return {
    name: found.name ?? nameOfFile(path),
    path,
    baseline: join(dirname(path), found.baseline ?? `${nameOfFile(path)}.baseline.json`),
    cases: Object.entries(cases).map(([caseName, own]) => resolveCase(caseName, defaults, own, path)),
  };
}

type Written = z.output<typeof SuiteSchema>["defaults"];

/** A case with what `defaults` says where it says nothing. */
function resolveCase(caseName: string, defaults: Written, own: Written, path: string): Case {
  const { verdicts, mismatches, ...numbers } = { ...defaults.expect, ...own.expect };
  const limits = { ...defaults.limits, ...own.limits };
  return {
    name: caseName,
    base: readBase(own.base ?? defaults.base ?? {}, path),
    set: { ...defaults.set, ...own.set },
    seeds: own.seeds ?? defaults.seeds ?? [1],
    until: own.until ?? defaults.until ?? STAGE_NAMES.at(-1)!,
    expect: {
      metrics: numbers as MetricValues,
      verdicts: {
        ...EXPECTED_VERDICTS,
        ...defaults.expect.verdicts,
        ...own.expect.verdicts,
      } as Expectations["verdicts"],
      mismatches: mismatches ?? 0,
    },
    limits: { seconds: limits.seconds ?? null, megabytes: limits.megabytes ?? null },
    tolerance: {
      noise: 2,
      ...EXPECTED_TOLERANCE,
      ...defaults.tolerance,
      ...own.tolerance,
    } as Case["tolerance"],
  };
}
