import { join } from "node:path";
import { ExitCode } from "../../../base/errors.js";
import type { Launcher } from "../launch.js";
import type { Sweep } from "./file.js";
import { type PointResult, type RunResult, ranked, rungSizes } from "./halving.js";
import { configOf, type Point, runName, sweepPoints } from "./points.js";
import { dataSessions, endOf, finishedRun, type RunEnd, type SweepRun, taskOf } from "./runs.js";

/** What happens in a sweep, in order. */
export type SweepEvent =
  | { readonly event: "rung"; readonly epochs: number; readonly points: number }
  | { readonly event: "waiting" | "run-begin"; readonly run: string }
  | RunEndEvent;

export interface RunEndEvent {
  readonly event: "run-end";
  readonly run: string;
  readonly settings: Point["settings"];
  readonly seed: number;
  readonly epochs: number;
  /** It was there from an earlier time. */
  readonly reused: boolean;
  /** Null when the run failed. */
  readonly validation: number | null;
  readonly gates: number | null;
  readonly failure: string | null;
  /** Epochs of all runs of the sweep, done and in all. */
  readonly done: number;
  readonly total: number;
}

export interface SweepOptions {
  /** Folder of the run folders. */
  readonly folder: string;
  readonly launcher: Launcher;
  readonly onEvent: (event: SweepEvent) => void;
  /** Called after every rung with the results so far, best first. */
  readonly onResults: (results: readonly PointResult[]) => void;
  readonly signal: AbortSignal;
}

export interface SweepOutcome {
  /** Every point at the longest rung that it reached, best first. */
  readonly results: readonly PointResult[];
  /** The worst of the runs'. */
  readonly exitCode: ExitCode;
}

/** From the worst on. */
const SEVERITY = [ExitCode.refuted, ExitCode.usage, ExitCode.toolMissing, ExitCode.unknown];

/**
 * Run a sweep with successive halving (Jamieson and Talwalkar, "Non-stochastic best arm identification and
 * hyperparameter optimization", 2016): every point is trained for the epochs of the first rung, the best by validation
 * go on to the next, and so on. A run is an ordinary run folder; those that are finished are reused, so a sweep that was
 * stopped or killed goes on from where it was.
 *
 * @throws {UserError} for a point whose values do not fit, before anything runs.
 */
export async function runSweep(sweep: Sweep, options: SweepOptions): Promise<SweepOutcome> {
  let points = sweepPoints(sweep);
  await options.launcher.recover();
  for (const point of points) configOf(sweep, point, sweep.budget[0]!, sweep.seeds[0]!);
  const sizes = rungSizes(points.length, sweep.budget.length, sweep.keep);
  const epochs = sizes.map((size, rung) => size * sweep.seeds.length * sweep.budget[rung]!);
  const session: Session = {
    sweep,
    options,
    data: dataSessions(),
    codes: new Set(),
    done: 0,
    total: epochs.reduce((a, b) => a + b),
  };
  const reached = new Map<string, PointResult>();
  for (const [rung, budget] of sweep.budget.entries()) {
    options.onEvent({ event: "rung", epochs: budget, points: points.length });
    const results = await runRung(session, points, budget);
    for (const result of results) reached.set(result.point.id, result);
    points = ranked(results.filter(({ failures }) => failures.length === 0))
      .slice(0, sizes[rung + 1] ?? 0)
      .map(({ point }) => point);
    options.onResults(ranked([...reached.values()]));
    if (points.length === 0) break;
  }
  const exitCode = SEVERITY.find((code) => session.codes.has(code)) ?? ExitCode.ok;
  return { results: ranked([...reached.values()]), exitCode };
}

interface Session {
  readonly sweep: Sweep;
  readonly options: SweepOptions;
  readonly data: ReturnType<typeof dataSessions>;
  /** Exit codes of the runs. */
  readonly codes: Set<ExitCode>;
  /** Epochs done of `total`. */
  done: number;
  readonly total: number;
}

/** All runs of some points for the same number of epochs. */
async function runRung(session: Session, points: readonly Point[], epochs: number): Promise<PointResult[]> {
  const { options, data } = session;
  const ends = new Map<SweepRun, RunEnd>();
  const settle = (run: SweepRun, end: RunEnd, reused: boolean): void => {
    ends.set(run, end);
    session.codes.add(end.exitCode);
    session.done += epochs;
    options.onEvent(endEvent(run, end, reused, session));
  };
  const runs = points.flatMap((point) => runsOf(session, point, epochs));
  for (const run of runs) {
    const waiting = (): void => options.onEvent({ event: "waiting", run: run.name });
    const result = await finishedRun(run, data(run.config), waiting, options.signal);
    if (result !== null) settle(run, { result, failure: null, exitCode: ExitCode.ok }, true);
  }
  const pending = new Map(runs.filter((run) => !ends.has(run)).map((run) => [run.name, run]));
  await options.launcher.run(
    [...pending.values()].map((run) => taskOf(run, options.folder)),
    {
      begin: ({ id }) => options.onEvent({ event: "run-begin", run: id }),
      end: (end) => settle(pending.get(end.id)!, endOf(pending.get(end.id)!, end), false),
    },
    options.signal,
  );
  return points.map((point) => gather(point, epochs, runs, ends));
}

const runsOf = ({ sweep, options }: Session, point: Point, epochs: number): SweepRun[] =>
  sweep.seeds.map((seed) => {
    const name = runName(point, epochs, seed);
    return { name, point, config: configOf(sweep, point, epochs, seed), path: join(options.folder, name) };
  });

function gather(
  point: Point,
  epochs: number,
  all: readonly SweepRun[],
  ends: ReadonlyMap<SweepRun, RunEnd>,
): PointResult {
  const own = all.filter((run) => run.point === point).map((run) => [run, ends.get(run)!] as const);
  return {
    point,
    epochs,
    runs: own.map(([, { result }]) => result).filter((result): result is RunResult => result !== null),
    failures: own.flatMap(([{ config }, { failure }]) =>
      failure === null ? [] : [`seed ${config.seed}: ${failure}`],
    ),
  };
}

const endEvent = (
  { name, point, config }: SweepRun,
  { result, failure }: RunEnd,
  reused: boolean,
  { done, total }: Session,
): RunEndEvent => ({
  event: "run-end",
  run: name,
  settings: point.settings,
  seed: config.seed,
  epochs: config.train.epochs,
  reused,
  validation: result?.validation ?? null,
  gates: result?.gates ?? null,
  failure,
  done,
  total,
});
