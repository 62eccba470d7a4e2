import { join } from "node:path";
import { UserError } from "../../../base/errors.js";
import { resolveConfig } from "../../config/load.js";
import type { Config } from "../../config/schema.js";
import { writeConfig } from "../../config/write.js";
import { writeFileAtomic } from "../files.js";
import { type Task, TaskSchema } from "../launch.js";
import type { Case, Suite } from "./file.js";

/** One build of a case: one seed. */
export interface Build {
  /** `<case>-s<seed>`: of the run, and of its folder. */
  readonly name: string;
  readonly of: Case;
  readonly seed: number;
  readonly config: Config;
  /** Its run folder. */
  readonly path: string;
  /** File of what it prints. */
  readonly log: string;
}

/** All builds of a suite. @throws {UserError} for a case whose values do not fit. */
export function buildsOf({ cases, path: file }: Suite, folder: string): Build[] {
  return cases.flatMap((one) =>
    one.seeds.map((seed) => {
      const name = `${one.name}-s${seed}`;
      const from = `${file}: case ${one.name}`;
      const set = Object.entries({ ...one.set, name, seed });
      const config = resolveConfig(
        one.base,
        set.map(([key, value]) => ({ key, value, from })),
        from,
      );
      return {
        name,
        of: one,
        seed,
        config,
        path: join(folder, name),
        log: join(folder, "logs", `${name}.log`),
      };
    }),
  );
}

/**
 * Those that one of the patterns names: a case, or `case/seed`; `*` stands for any letters.
 *
 * @throws {UserError} for a pattern that names none.
 */
export function filterBuilds(builds: readonly Build[], patterns: readonly string[]): Build[] {
  const matchers = patterns.map((pattern) => {
    const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
    const regex = new RegExp(`^${escaped}$`);
    const matches = ({ of, seed }: Build): boolean => regex.test(of.name) || regex.test(`${of.name}/${seed}`);
    if (builds.some(matches)) return matches;
    throw new UserError(
      "usage/filter",
      `--filter: expected a case of the suite, or case/seed, but found "${pattern}"`,
      `cases are: ${[...new Set(builds.map(({ of }) => of.name))].join(", ")}`,
    );
  });
  return builds.filter((build) => matchers.some((matches) => matches(build)));
}

/** The command of a build; its project file is written to its folder. */
export function taskOf({ name, config, path, log, of }: Build, folder: string): Task {
  const file = join(path, "dbnc.yaml");
  writeFileAtomic(file, writeConfig(config, { comments: false }));
  const args = ["build", "--config", file, "--out", folder, "--until", of.until];
  return TaskSchema.parse({ id: name, args, limits: of.limits, log });
}

/** The command that builds it again, alone. */
export const reproduceBuild = ({ path, of }: Build, folder: string): string =>
  ["dbnc build --config", `${path}/dbnc.yaml`, "--out", folder, "--until", of.until, "--force"]
    .map(shellWord)
    .join(" ");

/** The command that judges a case again, alone. */
export const reproduceCase = (suite: Suite, { name }: Case, out: string): string =>
  ["dbnc regress", suite.path, "--filter", name, ...(out === "rtl-out" ? [] : ["--out", out])]
    .map(shellWord)
    .join(" ");

const shellWord = (word: string): string =>
  /^[\w./ =:,@%+-]*$/.test(word) && (!word.includes(" ") || word.startsWith("dbnc "))
    ? word
    : `'${word.replaceAll("'", `'\\''`)}'`;
