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

/** A design with every kind of feature, an unread one, negative weights, weights above 1, offsets and three classes. */
export function richDesign(seed: number): Design {
  const encoder: Encoder = {
    features: [
      { name: "grey", type: { kind: "fixed", signed: false, width: 4, scale: 1 } },
      { name: "signed", type: { kind: "fixed", signed: true, width: 5, scale: 0.5 } },
      { name: "never varies", type: { kind: "fixed", signed: false, width: 3, scale: 1 } },
      { name: "flag", type: { kind: "boolean" } },
      { name: "colour", type: { kind: "category", categories: ["red", "green", "blue"] } },
    ],
    bits: [
      { feature: 0, test: "at-least", value: 8 },
      { feature: 0, test: "at-least", value: 12 },
      { feature: 1, test: "at-least", value: -4 },
      { feature: 1, test: "at-least", value: 3 },
      { feature: 3, test: "at-least", value: 1 },
      { feature: 4, test: "equals", value: 0 },
      { feature: 4, test: "equals", value: 1 },
    ],
  };
  const random = new Random(seed);
  const builder = new NetlistBuilder(encoder.bits.length, LITERAL);
  for (let i = 0; i < encoder.bits.length; i++)
    builder.and(builder.input(i), literalOf(1 + ((i + 1) % encoder.bits.length), i % 2 === 0));
  while (builder.gates < 50) {
    const pick = (): Literal =>
      literalOf(1 + random.below(encoder.bits.length + builder.gates), random.below(2) === 1);
    builder.gate(random.below(2) as 0 | 1, pick(), pick(), [builder.gates]);
  }
  const gate = (g: number): Literal => literalOf(1 + encoder.bits.length + g, g % 3 === 0);
  const core = builder.finish(Array.from({ length: 24 }, (_, v) => gate(49 - v)));
  const readout = {
    ...groupSumReadout(["a", "b", "c"], 24),
    offset: Int32Array.of(0, 2, -1),
    weight: Int32Array.from({ length: 24 }, (_, v) => (v % 8 === 5 ? -1 : v % 8 === 6 ? 3 : 1)),
  };
  return { encoder, core, readout };
}

/** Features of up to 20 bits, so that a feature takes three bytes, and many classes. */
export function wideDesign(): Design {
  const design = richDesign(3);
  const features = design.encoder.features.map((feature, f) =>
    f === 1 ? { ...feature, type: { kind: "fixed", signed: true, width: 20, scale: 1 } as const } : feature,
  );
  const bits = design.encoder.bits.map((bit) =>
    bit.feature === 1 ? { ...bit, value: 1000 * bit.value } : bit,
  );
  return { ...design, encoder: { features, bits } };
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

/** A network whose gate inputs have decided: some candidates lie far below the chosen one. */
export const decided = (model: Model): Model => ({
  ...model,
  layers: model.layers.map((layer) => ({ ...layer, wireLogits: layer.wireLogits.map((x) => 6 * x) })),
});

/** `count` seeds, or as many as `DBNC_NIGHTLY_SEEDS` says. */
export function seeds(count: number): number[] {
  const wanted = Number(process.env["DBNC_NIGHTLY_SEEDS"] ?? count);
  return Array.from({ length: Math.max(count, wanted) }, (_, s) => s + 1);
}
