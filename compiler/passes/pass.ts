import type { SolverFactory } from "../../sat/solver.js";
import type { Design } from "../ir/design.js";

/** What a pass may look at besides the design. */
export interface PassContext {
  /** Every random choice of a pass comes from it. */
  readonly seed: number;
  /** Encoder bits of training samples, shape `[bits][words]`, 32 samples a word; the low bits of the last word count. */
  readonly patterns: readonly Uint32Array[];
  readonly samples: number;
  readonly createSolver: SolverFactory;
  /** Asked now and then: `true` ends the pass early, with a result that is right but less than it could be. */
  readonly cancelled?: () => boolean;
}

export interface PassResult {
  readonly design: Design;
  /** Counts by name, such as `{ merged: 2226 }`; printed in order. */
  readonly stats: Readonly<Record<string, number>>;
}

/**
 * One transformation of a design: pure, does no I/O, reads no clock, logs nothing. A long one gives a promise and lets
 * the event loop breathe, so that interrupts are heard.
 */
export interface Pass {
  /** Kebab-case, as the command line names it. */
  readonly name: string;
  readonly summary: string;
  /** What the runner then checks. */
  readonly preserves: "function" | "accuracy";
  run(design: Design, context: PassContext): PassResult | Promise<PassResult>;
}
