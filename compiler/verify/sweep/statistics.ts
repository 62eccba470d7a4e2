import { count } from "../../../base/format.js";

/** Candidates are pairs of a node and an earlier one, or constant, that no pattern told apart. */
export interface SweepStatistics {
  candidates: number;
  /** `bySimulation + bySat`. */
  proved: number;
  refuted: number;
  unknown: number;
  /** Proved or refuted by exhaustive simulation of a window. */
  bySimulation: number;
  /** Proved or refuted by the solver. */
  bySat: number;
  /** Gates that became equal to earlier ones by their structure once others were merged. */
  structural: number;
  /** Null when the solver does not count. */
  conflicts: number | null;
}

/** One clause for people. */
export function describeSweep({ structural, bySimulation, bySat, conflicts }: SweepStatistics): string {
  const spent = conflicts === null ? "" : ` (${count(conflicts)} conflicts)`;
  return `inside: ${count(structural)} gates equal by structure, ${count(bySimulation)} pairs settled by exhaustive simulation, ${count(bySat)} by SAT${spent}`;
}

/** Of two sweeps, one after the other. */
export function totalOf(a: SweepStatistics, b: SweepStatistics): SweepStatistics {
  return {
    candidates: a.candidates + b.candidates,
    proved: a.proved + b.proved,
    refuted: a.refuted + b.refuted,
    unknown: a.unknown + b.unknown,
    bySimulation: a.bySimulation + b.bySimulation,
    bySat: a.bySat + b.bySat,
    structural: a.structural + b.structural,
    conflicts: a.conflicts === null || b.conflicts === null ? null : a.conflicts + b.conflicts,
  };
}
