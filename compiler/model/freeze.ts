import type { Design } from "../ir/design.js";
import { type Literal, literalOf } from "../ir/literal.js";
import { LITERAL, NetlistBuilder } from "../ir/netlist-builder.js";
import { chosenFanin, chosenFunction, layerOffsets, type Model } from "./model.js";

/** A design and where every node of the model went. */
export interface Frozen {
  readonly design: Design;
  /** Shape `[model nodes]`: the literal in `design.core` of every global node id. */
  readonly literals: Uint32Array;
}

/**
 * The netlist that a model is once its logits have decided: every trained gate becomes the constant, literal or
 * gate of its function, nothing is simplified or merged. Core output `v` is vote `v`; a gate's origin is its
 * number among all trained gates.
 */
export function freeze(model: Model): Frozen {
  const inputs = model.encoder.bits.length;
  const offsets = layerOffsets(model);
  const builder = new NetlistBuilder(inputs, LITERAL);
  const literals = new Uint32Array(offsets.at(-1)!);
  for (let i = 0; i < inputs; i++) literals[i] = literalOf(1 + i);
  model.layers.forEach((layer, l) => {
    for (let g = 0; g < layer.gates; g++) {
      const node = offsets[l]! + g;
      const a = literals[chosenFanin(layer, 0, g)]! as Literal;
      const b = literals[chosenFanin(layer, 1, g)]! as Literal;
      literals[node] = builder.ofFunction(chosenFunction(layer, g), a, b, [node - inputs]);
    }
  });
  const outputs = Array.from(model.votes, (node) => literals[node]! as Literal);
  return {
    design: { encoder: model.encoder, core: builder.finish(outputs), readout: model.readout },
    literals,
  };
}
