/** A network to train in a measurement. */
export interface Case {
  readonly name: string;
  readonly layers: readonly number[];
  /** Candidates of a gate input; 1 is fixed wiring. */
  readonly candidates: number;
  readonly summary: string;
}

/** Samples a step. */
export const BATCH = 128;
/** Input bits: MNIST's pixels with three thresholds. */
export const INPUTS = 2352;
export const CLASSES = 10;

export const CASES: readonly Case[] = [
  { name: "6x8000", layers: Array<number>(6).fill(8000), candidates: 1, summary: "fixed wiring" },
  { name: "2x8000-c8", layers: [8000, 8000], candidates: 8, summary: "learned wiring, 8 candidates" },
  { name: "2x8000-c16", layers: [8000, 8000], candidates: 16, summary: "learned wiring, 16 candidates" },
  { name: "2x64000-c16", layers: [64000, 64000], candidates: 16, summary: "learned wiring, 16 candidates" },
  { name: "tiny", layers: [200, 100], candidates: 4, summary: "no measure of anything: a quick try" },
];

/** Something that trains, in one way. */
export interface Contender {
  readonly name: string;
  readonly mode: "hard" | "soft";
  readonly summary: string;
  /** Whether it can train a case. */
  fits(network: Case): boolean;
}

const any = (): boolean => true;
const fixed = ({ candidates }: Case): boolean => candidates === 1;

/** `soft` counts real numbers, `hard` bits with straight-through gradients; wiring is learned in hard mode. */
export const CONTENDERS: readonly Contender[] = [
  { name: "wasm-1", mode: "hard", summary: "dbnc's kernels, 1 thread", fits: any },
  { name: "wasm-2", mode: "hard", summary: "dbnc's kernels, 2 threads", fits: any },
  { name: "plain", mode: "hard", summary: "plain TypeScript", fits: any },
  { name: "plain-soft", mode: "soft", summary: "plain TypeScript", fits: fixed },
  { name: "tensorflow", mode: "hard", summary: "TensorFlow.js", fits: any },
  { name: "tensorflow-soft", mode: "soft", summary: "TensorFlow.js", fits: fixed },
  { name: "torch-16", mode: "soft", summary: "PyTorch, sum of 16 functions", fits: fixed },
  { name: "torch-4", mode: "soft", summary: "PyTorch, 4 coefficients", fits: fixed },
];

/** What a measurement's process prints, as JSON. */
export interface Measurement {
  /** Of the fastest block of steps; seconds of processor time are those of all threads. */
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  /** Steps measured, in all blocks. */
  readonly steps: number;
  /** Largest resident set of the process, bytes. */
  readonly peakBytes: number;
  /** Builds and versions, for the record. */
  readonly note: string;
}
