import { Random } from "../../base/random.js";
import type { Design } from "../../compiler/ir/design.js";
import type { Encoder } from "../../compiler/ir/encoder.js";
import { type Literal, literalOf } from "../../compiler/ir/literal.js";
import { LITERAL, NetlistBuilder } from "../../compiler/ir/netlist-builder.js";
import { groupSumReadout } from "../../compiler/ir/readout.js";
import type { Model } from "../../compiler/model/model.js";

export interface DesignShape {
  readonly inputs: number;
  readonly gates: number;
  readonly outputs: number;
  readonly classes?: number;
}

/** One 4-bit unsigned feature for every three inputs, thresholds 4, 8 and 12. */
export function smallEncoder(inputs: number): Encoder {
  const features = Array.from({ length: Math.ceil(inputs / 3) }, (_, f) => ({
    name: `f${f}`,
    type: { kind: "fixed", signed: false, width: 4, scale: 1 } as const,
  }));
  const bits = Array.from({ length: inputs }, (_, i) => ({
    feature: Math.floor(i / 3),
    test: "at-least" as const,
    value: 4 * (1 + (i % 3)),
  }));
  return { features, bits };
}

/** A design with random gates, constants and complements among its fanins and outputs. */
export function randomDesign(seed: number, { inputs, gates, outputs, classes = 2 }: DesignShape): Design {
  const random = new Random(seed);
  const builder = new NetlistBuilder(inputs, LITERAL);
  const pick = (): Literal => {
    const node = random.below(20) === 0 ? 0 : 1 + random.below(inputs + builder.gates);
    return literalOf(node, random.below(2) === 1);
  };
  for (let g = 0; g < gates; g++) builder.gate(random.below(2) as 0 | 1, pick(), pick(), [g]);
  const core = builder.finish(Array.from({ length: outputs }, pick));
  const names = Array.from({ length: classes }, (_, c) => `class ${c}`);
  return { encoder: smallEncoder(inputs), core, readout: groupSumReadout(names, outputs) };
}

export interface ModelShape {
  readonly inputs: number;
  readonly layers: readonly number[];
  readonly candidates: number;
  readonly classes?: number;
}

/** A model with random logits and wiring; the last layer votes. */
export function randomModel(seed: number, { inputs, layers, candidates, classes = 2 }: ModelShape): Model {
  const random = new Random(seed);
  const normals = (n: number): Float32Array => Float32Array.from({ length: n }, () => random.normal());
  let below = inputs;
  const built = layers.map((gates) => {
    const layer = {
      kind: "dense" as const,
      gates,
      candidates,
      candidateIndex: Uint32Array.from({ length: 2 * gates * candidates }, () => random.below(below)),
      wireLogits: normals(2 * gates * candidates),
      gateLogits: normals(16 * gates),
    };
    below += gates;
    return layer;
  });
  const last = layers.at(-1)!;
  return {
    encoder: smallEncoder(inputs),
    layers: built,
    votes: Uint32Array.from({ length: last }, (_, v) => below - last + v),
    readout: groupSumReadout(
      Array.from({ length: classes }, (_, c) => `class ${c}`),
      last,
    ),
    temperature: 3,
    seed,
  };
}

/** `count` seeds, or as many as `DBNC_NIGHTLY_SEEDS` says. */
export function seeds(count: number): number[] {
  const wanted = Number(process.env["DBNC_NIGHTLY_SEEDS"] ?? count);
  return Array.from({ length: Math.max(count, wanted) }, (_, s) => s + 1);
}
