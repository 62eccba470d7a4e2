import { Random } from "../../base/random.js";
import { pick, type Samples } from "./dataset.js";

export interface SplitOptions {
  /** Share of every class that goes to the second part, rounded, at least 1 of a class with 2 or more. */
  readonly fraction: number;
  readonly classes: number;
  readonly seed: number;
  /** What the split is for; another purpose draws other samples. */
  readonly purpose: "validation" | "test";
  /** Samples that are in neither part; they do not change where the others go. */
  readonly leaveOut?: ReadonlySet<number>;
}

/** Split samples in two, stratified by class; both parts keep the order of the file. */
export function splitSamples(samples: Samples, options: SplitOptions): { rest: Samples; part: Samples } {
  const random = Random.forPurpose(options.seed, `split ${options.purpose}`);
  const rows: number[][] = Array.from({ length: options.classes }, () => []);
  samples.labels.forEach((label, s) => {
    rows[label]!.push(s);
  });
  const taken = new Uint8Array(samples.count);
  for (const members of rows) {
    const wanted = Math.max(members.length >= 2 ? 1 : 0, Math.round(options.fraction * members.length));
    for (const s of random.shuffle(members).slice(0, wanted)) taken[s] = 1;
  }
  const where = (value: number): number[] =>
    Array.from(taken.keys()).filter((s) => taken[s] === value && options.leaveOut?.has(s) !== true);
  return { rest: pick(samples, where(0)), part: pick(samples, where(1)) };
}
