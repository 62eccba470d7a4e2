import { Random } from "../../base/random.js";
import type { Design } from "../../compiler/ir/design.js";
import { groupSumReadout } from "../../compiler/ir/readout.js";
import { trainedLike } from "../sat/trained-like.js";

const CLASSES = 10;
const FEATURES = 784;
const THRESHOLDS = [64, 128, 192];
const LAYERS = 6;
/** Share of the nodes of a trained-like layer that are gates, not wires. */
const GATE_SHARE = 0.7;

/** A trained-like network on three thermometer bits of every pixel of an MNIST image, every node of the last layer a vote. */
export function trainedLikeDesign(gates: number): Design {
  const width = CLASSES * Math.ceil(gates / LAYERS / GATE_SHARE / CLASSES);
  const inputs = FEATURES * THRESHOLDS.length;
  const { netlist } = trainedLike(1, { inputs, layers: LAYERS, width, duplicated: 0 });
  const byte = { kind: "fixed", signed: false, width: 8, scale: 1 } as const;
  return {
    encoder: {
      features: Array.from({ length: FEATURES }, (_, f) => ({ name: `f${f}`, type: byte })),
      bits: Array.from({ length: inputs }, (_, i) => ({
        feature: Math.floor(i / THRESHOLDS.length),
        test: "at-least",
        value: THRESHOLDS[i % THRESHOLDS.length]!,
      })),
    },
    core: netlist,
    readout: groupSumReadout(
      Array.from({ length: CLASSES }, (_, c) => `${c}`),
      netlist.outputs.length,
    ),
  };
}

/** Random pixels, shape `[samples, features]`. */
export function randomPixels(samples: number): Uint8Array {
  const random = new Random(2);
  return Uint8Array.from({ length: samples * FEATURES }, () => random.uint32() & 255);
}

/** What a simulator was seen to do. */
export interface Measurement {
  readonly name: string;
  /** From the netlist to something that runs. */
  readonly compileSeconds: number;
  readonly evaluationsPerSecond: number;
  /** Parity of every output over the samples that all contenders run, as text of 0 and 1. */
  readonly parities: string;
}
