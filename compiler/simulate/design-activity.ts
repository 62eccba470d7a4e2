import type { Design } from "../ir/design.js";
import { type Encoder, encodeSamples, featureOffsets } from "../ir/encoder.js";
import { classify, indexWidth } from "../ir/readout.js";
import type { ReadoutCircuit } from "../map/readout-circuit.js";
import { readoutNets } from "../map/readout-netlist.js";
import { type Activity, nodeActivity, rowActivity } from "./activity.js";
import { simulate } from "./bit-parallel.js";

/** Switching activity of a design over consecutive samples. */
export interface DesignActivity {
  readonly samples: number;
  /** Of every bit of the raw feature vector. */
  readonly features: Activity;
  /** Of every node of the core. */
  readonly nodes: Activity;
  /** Nets within the readout (`readoutNets`), and of each of them. */
  readonly readoutNets: readonly number[];
  readonly readout: Activity;
  /** Of every bit of the class index, low bit first. */
  readonly classIndex: Activity;
}

/**
 * Count while samples go through a design one after the other.
 *
 * @param codes shape `[samples, features]`, row-major, quantised.
 * @param circuit of the design's readout, as it is emitted.
 */
export function designActivity(
  { encoder, core, readout }: Design,
  circuit: ReadoutCircuit,
  codes: ArrayLike<number>,
  samples: number,
): DesignActivity {
  const words = Math.ceil(samples / 32);
  const bits = encodeSamples(encoder, codes, samples);
  const votes = simulate(core, bits, words);
  const classes = classify(readout, votes, samples);
  const { nets, netlist } = readoutNets(circuit);
  return {
    samples,
    features: rowActivity(featureBits(encoder, codes, samples), samples),
    nodes: nodeActivity(core, bits, samples),
    readoutNets: nets,
    readout: rowActivity(simulate(netlist, votes, words), samples),
    classIndex: rowActivity(bitRows(classes, samples, 1, 0, indexWidth(readout.classNames.length)), samples),
  };
}

/** Bits of the raw feature vector, shape `[width][words]`. */
function featureBits(encoder: Encoder, codes: ArrayLike<number>, samples: number): Uint32Array[] {
  const offsets = featureOffsets(encoder);
  const features = encoder.features.length;
  return encoder.features.flatMap((_, f) =>
    bitRows(codes, samples, features, f, offsets[f + 1]! - offsets[f]!),
  );
}

/** The low bits of numbers `first`, `first + stride`, …, shape `[width][words]`. */
function bitRows(
  numbers: ArrayLike<number>,
  samples: number,
  stride: number,
  first: number,
  width: number,
): Uint32Array[] {
  return Array.from({ length: width }, (_, k) => {
    const row = new Uint32Array(Math.ceil(samples / 32));
    for (let s = 0, at = first; s < samples; s++, at += stride)
      row[s >>> 5]! |= ((numbers[at]! >> k) & 1) << (s & 31);
    return row;
  });
}
