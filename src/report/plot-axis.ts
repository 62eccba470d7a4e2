/** One axis of a plot. */
export interface Axis {
  readonly label: string;
  /** `log` needs values above 0. */
  readonly scale?: "linear" | "log";
  /** How a value is written at a tick; plain numbers with thousands separators unless given. */
  readonly format?: (value: number) => string;
}

/** Where an axis begins and ends, and where it is marked. */
export interface Scale {
  readonly ticks: readonly number[];
  /** 0 at the beginning of the axis, 1 at its end. */
  at(value: number): number;
}

/** Marks on an axis at most, about. */
const TICKS = 7;
/** Share of the range that is left free beyond the outermost values. */
const MARGIN = 0.04;

/** The scale that holds all values; those that an axis cannot show (not finite, or log of 0) are passed over. */
export function scaleOf({ scale = "linear" }: Axis, values: readonly number[]): Scale {
  const log = scale === "log";
  const shown = values.filter((v) => canShow(scale, v));
  const [low, high] = widened(log, shown);
  const forward = log ? Math.log10 : (v: number): number => v;
  const [from, to] = [forward(low), forward(high)];
  const round = (log ? logTicks(low, high) : []).filter((t) => t >= low && t <= high);
  // A log axis within one decade may hold no round power.
  const ticks = round.length >= 3 ? round : linearTicks(low, high).filter((t) => t >= low && t <= high);
  return { ticks, at: (value) => (forward(value) - from) / (to - from) };
}

/** Whether an axis has a place for a value. */
export const canShow = (scale: Axis["scale"], value: number): boolean =>
  Number.isFinite(value) && (scale !== "log" || value > 0);

function widened(log: boolean, values: readonly number[]): [low: number, high: number] {
  if (values.length === 0) return log ? [1, 10] : [0, 1];
  const low = values.reduce((a, b) => Math.min(a, b));
  const high = values.reduce((a, b) => Math.max(a, b));
  if (log) {
    const factor = low === high ? 2 : (high / low) ** MARGIN;
    return [low / factor, high * factor];
  }
  const margin = low === high ? Math.abs(low) / 10 || 1 : MARGIN * (high - low);
  return [low - margin, high + margin];
}

/** Multiples of 1, 2, 2.5 or 5 times a power of ten. */
function linearTicks(low: number, high: number): number[] {
  const rough = (high - low) / TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5].find((m) => m * power >= rough) ?? 10) * power;
  const first = Math.ceil(low / step);
  const count = Math.floor(high / step) - first + 1;
  // Divided by a whole number where the step is below 1: 3 * 0.1 is not 0.3.
  const inverse = Math.round(1 / step);
  return Array.from({ length: count }, (_, i) => (step < 1 ? (first + i) / inverse : (first + i) * step));
}

/** 1, 2 and 5 times powers of ten; only the powers when those are enough. */
function logTicks(low: number, high: number): number[] {
  const powers: number[] = [];
  for (let p = Math.floor(Math.log10(low)); p <= Math.ceil(Math.log10(high)); p++) powers.push(p);
  const within = powers.slice(1, -1).length;
  return powers.flatMap((p) => (within >= TICKS ? [1] : [1, 2, 5]).map((m) => m * 10 ** p));
}

/** A tick's text. */
export const formatTick = ({ format }: Axis, value: number): string =>
  format?.(value) ?? value.toLocaleString("en-US", { maximumSignificantDigits: 6 });
