import { z } from "zod";
import { UserError } from "../../../base/errors.js";
import { checkTree } from "../../config/check-tree.js";
import { nameOfFile, readBase, readYaml, type Tree } from "../../config/load.js";

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
  const found = checkTree(tree, SweepSchema, path, "sweep", "docs/sweep.md shows a sweep file");
  const { name, base, grid, random, samples, ...rest } = found;
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
    name: name ?? nameOfFile(path),
    base: readBase(base, path),
    grid: grid ?? null,
    random: random === undefined ? null : { keys: random, samples: samples! },
  };
}
