import { rmSync } from "node:fs";
import { join } from "node:path";
import type { ExitCode } from "../../../base/errors.js";
import { writeFileAtomic } from "../files.js";
import type { Launcher, TaskEnd } from "../launch.js";
import { emptyRunFolder, openRunFolder } from "../run-folder.js";
import type { Baseline } from "./baseline.js";
import { type Build, buildsOf, filterBuilds, reproduceCase, taskOf } from "./builds.js";
import type { Suite } from "./file.js";
import { judgeBuild, notRun } from "./judge-build.js";
import { judgeCase } from "./judge-case.js";
import { type BuildResult, type CaseResult, exitCodeOf, type Results, readResults } from "./results.js";

/** What happens in a regression run, in order. */
export type RegressEvent =
  | { readonly event: "start"; readonly builds: readonly string[] }
  | { readonly event: "waiting" | "begin" | "kept"; readonly build: string }
  | { readonly event: "end"; readonly build: string; readonly result: BuildResult };

export interface RegressOptions {
  /** Folder of the suite's folder. */
  readonly out: string;
  readonly launcher: Launcher;
  /** Patterns of the builds to run; none for all. */
  readonly filter: readonly string[];
  /** Stop at the first thing that fails. */
  readonly failFast: boolean;
  /** Run only what did not pass the last time; what did counts as it was. */
  readonly rerunFailed: boolean;
  /** Null: numbers are not compared with any. */
  readonly baseline: Baseline | null;
  readonly onEvent: (event: RegressEvent) => void;
  readonly signal: AbortSignal;
}

/** What the builds that were asked for came to; `results.json` also keeps those of the suite that were not. */
export type Outcome = Pick<Results, "cases" | "builds"> & { readonly exitCode: ExitCode };

/** Folder of a suite's run folders, logs and results. */
export const suiteFolder = ({ name }: Suite, out: string): string => join(out, name);

/**
 * Build every case of a suite from scratch, judge what came of it, and write `results.json`.
 *
 * @throws {UserError} for a case whose values do not fit, before anything runs.
 * @throws {DOMException} `AbortError` on the signal; the results so far are written, and what did not end is `not run`.
 */
export async function runRegress(suite: Suite, options: RegressOptions): Promise<Outcome> {
  const folder = suiteFolder(suite, options.out);
  const file = join(folder, "results.json");
  const all = buildsOf(suite, folder);
  const selected = options.filter.length === 0 ? all : filterBuilds(all, options.filter);
  options.onEvent({ event: "start", builds: selected.map(({ name }) => name) });
  const lock = await openRunFolder(folder, { create: true });
  try {
    const previous = readResults(file);
    const session = new Session(suite, selected, folder, options);
    await options.launcher.recover();
    const pending = session.keep(options.rerunFailed ? previous : null);
    try {
      for (const build of pending) await session.clear(build, previous);
      await session.run(pending);
    } finally {
      const outcome = session.outcome();
      const others = previous?.builds.filter(({ case: name, seed }) => isOther(all, selected, name, seed));
      const builds = [...outcome.builds, ...(others ?? [])];
      writeFileAtomic(
        file,
        `${JSON.stringify({ schema: 1, suite: suite.name, ...outcome, builds } satisfies Results, null, 2)}\n`,
      );
    }
    return session.outcome();
  } finally {
    await lock.close();
  }
}

/** Whether a result is of a build that is in the suite but was not asked for. */
function isOther(all: readonly Build[], selected: readonly Build[], name: string, seed: number): boolean {
  const is = (build: Build): boolean => build.of.name === name && build.seed === seed;
  return all.some(is) && !selected.some(is);
}

class Session {
  private readonly results = new Map<Build, BuildResult>();
  constructor(
    private readonly suite: Suite,
    private readonly selected: readonly Build[],
    private readonly folder: string,
    private readonly options: RegressOptions,
  ) {}

  /** Take over what passed before. @returns the builds that are to be run. */
  keep(previous: Results | null): Build[] {
    for (const build of this.selected) {
      const before = resultOf(build, previous);
      if (before?.status === "passed") this.results.set(build, before);
    }
    const pending = this.selected.filter(
      (build) => !this.results.has(build) || this.judge(build.of.name).reasons.length > 0,
    );
    for (const build of pending) this.results.delete(build);
    for (const { name } of this.results.keys()) this.options.onEvent({ event: "kept", build: name });
    return pending;
  }

  /** Nothing of an earlier build may count, but what was stopped and is asked for again goes on from its checkpoint. */
  async clear(build: Build, previous: Results | null): Promise<void> {
    const { rerunFailed, signal, onEvent } = this.options;
    if (rerunFailed && resultOf(build, previous)?.status === "not run") return;
    await emptyRunFolder(build.path, () => onEvent({ event: "waiting", build: build.name }), signal);
    rmSync(build.log, { force: true });
  }

  async run(pending: readonly Build[]): Promise<void> {
    const { launcher, signal, onEvent } = this.options;
    const stop = new AbortController();
    const builds = new Map(pending.map((build) => [build.name, build]));
    const end = (ended: TaskEnd): void => {
      const build = builds.get(ended.id)!;
      const result = judgeBuild(build, ended, this.folder);
      this.results.set(build, result);
      onEvent({ event: "end", build: build.name, result });
      if (this.options.failFast && this.hasFailed(build)) stop.abort();
    };
    const begin = ({ id }: { readonly id: string }): void => onEvent({ event: "begin", build: id });
    try {
      const tasks = pending.map((build) => taskOf(build, this.folder));
      await launcher.run(tasks, { begin, end }, AbortSignal.any([signal, stop.signal]));
    } catch (error) {
      if (signal.aborted || !stop.signal.aborted) throw error;
    }
  }

  private hasFailed({ of }: Build): boolean {
    const { status } = this.judge(of.name);
    return status === "failed" || status === "broken";
  }

  outcome(): Outcome {
    const cases = [...new Set(this.selected.map(({ of }) => of.name))].map((name) => this.judge(name));
    const builds = this.selected.map((build) => this.resultOf(build));
    return { exitCode: exitCodeOf(cases.map(({ status }) => status)), cases, builds };
  }

  private judge(name: string): CaseResult {
    const own = this.selected.filter(({ of }) => of.name === name);
    const { of } = own[0]!;
    const { baseline, out } = this.options;
    return judgeCase(
      of,
      own.map((build) => this.resultOf(build)),
      baseline === null ? null : { of: baseline.cases[name] },
      reproduceCase(this.suite, of, out),
    );
  }

  private resultOf(build: Build): BuildResult {
    return this.results.get(build) ?? notRun(build, this.folder);
  }
}

const resultOf = ({ of, seed }: Build, results: Results | null): BuildResult | undefined =>
  results?.builds.find((result) => result.case === of.name && result.seed === seed);
