import type { InterfaceOptions } from "../emit/verilog/interface/interface.js";
import type { Design } from "../ir/design.js";
import { hardwareWidth } from "../ir/encoder.js";
import type { YosysModule } from "../read/yosys-json.js";
import { ClockedCircuit, LANE_WORDS } from "./clocked.js";
import { PASS } from "./kernels.js";
import { makeDriver } from "./pins/driver.js";
import type { Answer, SampleBits } from "./pins/lanes.js";

/** A circuit behind an interface, and the samples that go through it. */
export interface PinRun {
  /** Flat, of gates, LUTs and plain flip-flops. */
  readonly circuit: YosysModule;
  readonly clock: string | null;
  readonly design: Design;
  readonly options: InterfaceOptions;
  /** Shape `[samples, features]`, row-major, quantised. */
  readonly codes: Int32Array;
  /** Shape `[samples]`, class indices. */
  readonly expected: Float64Array;
}

/**
 * Send every sample through the pins of a circuit and compare the class that comes back, 512 samples side by side, group
 * after group without a reset between them.
 *
 * @param module compiled from `kernels.wasm`.
 * @returns samples with another class than expected, or a wrong answer altogether.
 * @throws {ReadBackFault} for a circuit that `ClockedCircuit` does not take or that lacks a port of the interface.
 */
export function mismatchesThroughPins(module: WebAssembly.Module, run: PinRun): number {
  const { circuit, clock, design, options, codes, expected } = run;
  const driver = makeDriver(new ClockedCircuit(module, circuit, clock), design, options);
  let mismatches = 0;
  for (let from = 0; from < expected.length; from += PASS) {
    const answer = driver(sampleBits(design, codes, from, Math.min(PASS, expected.length - from)));
    for (let lane = 0; lane < PASS && from + lane < expected.length; lane++)
      if (classOf(answer, lane) !== expected[from + lane]) mismatches++;
  }
  return mismatches;
}

/** The class that a lane answered; -1 for a wrong answer. */
function classOf({ bits, wrong }: Answer, lane: number): number {
  const at = (words: Uint32Array): number => (words[lane >>> 5]! >>> (lane & 31)) & 1;
  if (at(wrong) === 1) return -1;
  return bits.reduce((index, words, bit) => index + (at(words) << bit), 0);
}

/** A sample a lane, from the `from`-th on; lanes past the last one are 0. */
function sampleBits({ encoder }: Design, codes: Int32Array, from: number, count: number): SampleBits {
  const features = encoder.features.length;
  const rows = encoder.features.map(({ type }, f) =>
    Array.from({ length: hardwareWidth(type) }, (_, bit) => {
      const words = new Uint32Array(LANE_WORDS);
      for (let lane = 0; lane < count; lane++)
        words[lane >>> 5]! |= ((codes[(from + lane) * features + f]! >> bit) & 1) << (lane & 31);
      return words;
    }),
  );
  return (feature, bit) => rows[feature]![bit]!;
}
