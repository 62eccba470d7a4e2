import { UserError } from "../../../base/errors.js";
import { Random } from "../../../base/random.js";
import { resolveConfig } from "../../config/load.js";
import type { Config } from "../../config/schema.js";
import { sha256, stableJson } from "../files.js";
import type { Range, Sweep } from "./file.js";

/** One setting of the keys that a sweep varies. */
export interface Point {
  /** Told from the settings, so that editing a sweep file keeps the results of the points that stay. */
  readonly id: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Draws in a row that may give a point that is there already. */
const PATIENCE = 1000;

/** The points of a sweep, in order, all different. */
export function sweepPoints({ grid, random, seed }: Sweep): Point[] {
  if (grid !== null) return unique(product(Object.entries(grid)));
  const generator = Random.forPurpose(seed, "sweep");
  const found: Point[] = [];
  for (let missed = 0; found.length < random!.samples && missed < PATIENCE; ) {
    const settings = Object.entries(random!.keys).map(([key, values]) => [key, draw(values, generator)]);
    const point = pointOf(Object.fromEntries(settings));
    if (found.some(({ id }) => id === point.id)) missed++;
    else {
      found.push(point);
      missed = 0;
    }
  }
  return found;
}

/** A point's configuration for one run. @throws {UserError} if the point's values do not fit. */
export function configOf({ base }: Sweep, point: Point, epochs: number, seed: number): Config {
  const set = {
    ...point.settings,
    name: runName(point, epochs, seed),
    seed,
    "train.epochs": epochs,
    "train.minimumSteps": 0,
  };
  const from = `sweep point ${describe(point)}`;
  return resolveConfig(
    base,
    Object.entries(set).map(([key, value]) => ({ key, value, from })),
    from,
  );
}

/** Name of a run, and of its folder in the sweep's. */
export const runName = ({ id }: Point, epochs: number, seed: number): string => `${id}-e${epochs}-s${seed}`;

/** Settings in one line. */
export const describe = ({ settings }: Point): string =>
  Object.entries(settings)
    .map(([key, value]) => `${key}=${formatValue(value)}`)
    .join(" ");

export const formatValue = (value: unknown): string =>
  typeof value === "string" ? value : JSON.stringify(value);

function product(axes: readonly (readonly [string, readonly unknown[]])[]): Record<string, unknown>[] {
  return axes.reduce<Record<string, unknown>[]>(
    (rows, [key, values]) => rows.flatMap((row) => values.map((value) => ({ ...row, [key]: value }))),
    [{}],
  );
}

function unique(settings: readonly Record<string, unknown>[]): Point[] {
  const points = settings.map(pointOf);
  const twice = points.find(({ id }, i) => points.findIndex((other) => other.id === id) < i);
  if (twice === undefined) return points;
  throw new UserError(
    "sweep/twice",
    `grid: expected different values but found ${describe(twice)} twice`,
    "remove one of them",
  );
}

const pointOf = (settings: Record<string, unknown>): Point => ({
  id: `p${sha256(stableJson(settings)).slice(0, 8)}`,
  settings,
});

function draw(values: readonly unknown[] | Range, random: Random): unknown {
  if ("length" in values) return values[random.below(values.length)];
  const { from, to, log, integer } = values;
  const u = random.uniform();
  const value = log ? from * (to / from) ** u : from + (to - from) * u;
  // Four digits are enough to tell settings apart, and can be typed.
  return integer ? Math.round(value) : Number(value.toPrecision(4));
}
