import { Random } from "../../../base/random.js";
import type { Design } from "../../ir/design.js";
import { featureOffsets, hardwareWidth } from "../../ir/encoder.js";
import { firstGate, type Netlist } from "../../ir/netlist.js";

/*
 * What a circuit computes, one bit at a time and as plainly as can be: the self-test's second opinion. It shares no
 * code with the simulator, the solver or the proofs that the self-test is about.
 */

/** Values of the outputs for one value an input. */
export function outputsOf(netlist: Netlist, inputs: ArrayLike<number>): Uint8Array {
  const values = new Uint8Array(firstGate(netlist) + netlist.kind.length);
  for (let i = 0; i < netlist.inputs; i++) values[1 + i] = inputs[i]!;
  const read = (literal: number): number =>
    literal % 2 === 1 ? 1 - values[(literal - 1) / 2]! : values[literal / 2]!;
  for (let g = 0; g < netlist.kind.length; g++) {
    const [a, b] = [read(netlist.fanin0[g]!), read(netlist.fanin1[g]!)];
    values[firstGate(netlist) + g] = netlist.kind[g] === 0 ? a * b : Number(a !== b);
  }
  return Uint8Array.from(netlist.outputs, read);
}

/** Gate evaluations that one search for a difference may cost, and samples that it takes at least. */
const EVALUATIONS = 2e7;
const LEAST_SAMPLES = 256;
const EXHAUSTIVE_INPUTS = 12;

/**
 * The first input, of all or of many random ones, on which two functions differ, or null.
 *
 * @param gates what one evaluation costs.
 */
export function findDifference(
  inputs: number,
  gates: number,
  seed: number,
  a: (input: Uint8Array) => ArrayLike<number>,
  b: (input: Uint8Array) => ArrayLike<number>,
): Uint8Array | null {
  const random = Random.forPurpose(seed, "self-test samples");
  const all = inputs <= EXHAUSTIVE_INPUTS;
  const samples = all ? 2 ** inputs : Math.max(LEAST_SAMPLES, Math.floor(EVALUATIONS / (gates + inputs + 1)));
  for (let s = 0; s < samples; s++) {
    const input = Uint8Array.from({ length: inputs }, (_, i) =>
      all ? Math.floor(s / 2 ** i) % 2 : random.below(2),
    );
    const [left, right] = [a(input), b(input)];
    for (let o = 0; o < left.length; o++) if (left[o] !== right[o]) return input;
  }
  return null;
}

/** The class that votes elect, as the definition of the readout has it. */
export function electedClass({ readout }: Design, votes: ArrayLike<number>): number {
  let [best, highest] = [0, Number.NEGATIVE_INFINITY];
  readout.classNames.forEach((_, c) => {
    let score = readout.offset[c]!;
    for (let t = readout.start[c]!; t < readout.start[c + 1]!; t++)
      score += readout.weight[t]! * votes[readout.vote[t]!]!;
    if (score > highest) [best, highest] = [c, score];
  });
  return best;
}

/** Encoder bits of one raw feature vector, low bit first. */
export function encoderBits({ encoder }: Design, raw: ArrayLike<number>): Uint8Array {
  const offsets = featureOffsets(encoder);
  const codes = encoder.features.map(({ type }, f) => {
    const width = hardwareWidth(type);
    const signed = type.kind === "fixed" && type.signed;
    let code = 0;
    for (let k = 0; k < width; k++)
      code += raw[offsets[f]! + k]! * (signed && k === width - 1 ? -(2 ** k) : 2 ** k);
    return code;
  });
  return Uint8Array.from(encoder.bits, ({ feature, test, value }) =>
    Number(test === "equals" ? codes[feature] === value : codes[feature]! >= value),
  );
}

/** The class of one raw feature vector, low bit first. */
export const classOf = (design: Design, raw: ArrayLike<number>): number =>
  electedClass(design, outputsOf(design.core, encoderBits(design, raw)));
