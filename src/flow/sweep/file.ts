import { basename, dirname, extname, join } from "node:path";
import { z } from "zod";
import { UserError } from "../../../base/errors.js";
import { suggest } from "../../../base/nearest.js";
import { isTree, readYaml, type Tree } from "../../config/load.js";

/** Values that a key is drawn from: a list, or a range. */
const RangeSchema = z
  .strictObject({
    from: z.number(),
    to: z.number(),
    /** Uniform in the logarithm. */
    log: z.boolean().default(false),
    integer: z.boolean().default(false),
  })
  .refine(({ from, to }) => from < to, "expected from below to")
  .refine(({ from, log }) => !log || from > 0, "expected from above 0 on a log scale");
export type Range = z.output<typeof RangeSchema>;

const list = z.array(z.json()).min(1);

/** A sweep file (docs/sweep.md). */
const SweepSchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9_-]*$/, "expected a letter, then letters, digits, _ or -")
      .optional(),
    base: z.union([z.string().min(1), z.record(z.string(), z.json())]).default({}),
    grid: z.record(z.string(), list).optional(),
    random: z.record(z.string(), z.union([list, RangeSchema])).optional(),
    samples: z.int().min(1).optional(),
    seed: z.int().min(0).default(1),
    seeds: z.array(z.int().min(0)).min(1).default([1]),
    budget: z.array(z.int().min(1)).min(1),
    keep: z.number().gt(0).lt(1).default(0.5),
  })
  .refine(
    ({ grid, random }) => (grid === undefined) !== (random === undefined),
    "expected either grid or random",
  )
  .refine(
    ({ random, samples }) => (random === undefined) === (samples === undefined),
    "expected samples with random, and only with it",
  )
  .refine(
    ({ budget }) => budget.every((n, i) => i === 0 || n > budget[i - 1]!),
    "budget: expected rising epochs",
  )
  .refine(({ seeds }) => new Set(seeds).size === seeds.length, "seeds: expected different ones");

/** What a sweep tries. */
export interface Sweep {
  readonly name: string;
  /** The configuration that every point starts from. */
  readonly base: Tree;
  readonly grid: Readonly<Record<string, readonly unknown[]>> | null;
  readonly random: {
    readonly keys: Readonly<Record<string, readonly unknown[] | Range>>;
    readonly samples: number;
  } | null;
  /** Where random points are drawn from. */
  readonly seed: number;
  /** Every point is trained once with each. */
  readonly seeds: readonly number[];
  /** Epochs of each rung, rising. */
  readonly budget: readonly number[];
  /** Share of the points that goes on to the next rung. */
  readonly keep: number;
}

/** Keys that a sweep sets itself. */
const RESERVED = ["name", "seed", "train.epochs", "train.minimumSteps"];

/** Read a sweep file. @throws {UserError} for a missing file, bad YAML, an unknown key or a bad value. */
export function readSweep(path: string): Sweep {
  const tree = readYaml(path, "a sweep file", "docs/sweep.md shows one");
  const result = SweepSchema.safeParse(tree);
  if (!result.success) {
    const { issues } = result.error;
    // A key that is not known may be the missing one, misspelt.
    throw sweepError(path, issues.find(({ code }) => code === "unrecognized_keys") ?? issues[0]!);
  }
  const { name, base, grid, random, samples, ...rest } = result.data;
  for (const key of Object.keys(grid ?? random ?? {})) {
    if (RESERVED.includes(key))
      throw new UserError(
        "sweep/key",
        `${path}: expected keys other than ${RESERVED.join(", ")} but found "${key}"`,
        "seeds and budget set those",
      );
  }
  return {
    ...rest,
    name: name ?? basename(path, extname(path)).replace(/[^A-Za-z0-9_-]+/g, "-"),
    base:
      typeof base === "string"
        ? readYaml(join(dirname(path), base), "a project file", "base names it, relative to the sweep file")
        : baseTree(base),
    grid: grid ?? null,
    random: random === undefined ? null : { keys: random, samples: samples! },
  };
}

const baseTree = (base: unknown): Tree => (isTree(base) ? base : {});

function sweepError(path: string, issue: z.core.$ZodIssue): UserError {
  if (issue.code === "unrecognized_keys") {
    const key = issue.keys[0]!;
    const full = [...issue.path, key].join(".");
    return new UserError(
      "sweep/unknown-key",
      `${path}: expected a known key but found "${full}"`,
      suggest(key, issue.path.length === 0 ? Object.keys(SweepSchema.shape) : Object.keys(RangeSchema.shape)),
    );
  }
  const where = issue.path.length === 0 ? "" : `${issue.path.join(".")}: `;
  return new UserError(
    "sweep/value",
    `${path}: ${where}${issue.message}`,
    "docs/sweep.md shows a sweep file",
  );
}
