import type { Design } from "../ir/design.js";
import { FALSE, type Literal, literalOf } from "../ir/literal.js";
import { LITERAL, NetlistBuilder } from "../ir/netlist-builder.js";
import { largest, type Model } from "./model.js";
import { type GateStep, type PoolStep, stepsOf } from "./steps.js";

/** A design and where every node of the model went. */
export interface Frozen {
  readonly design: Design;
  /** Shape `[model nodes]`: the literal in `design.core` of every global node id. */
  readonly literals: Uint32Array;
}

/**
 * The netlist that a model is once its logits have decided: every trained gate, at each of its positions, becomes the
 * constant, literal or gate of its function, and every pooling three OR gates; nothing is simplified or merged. Core
 * output `v` is vote `v`; a gate's origin is its node, counted from the first one after the inputs.
 */
export function freeze(model: Model): Frozen {
  const inputs = model.encoder.bits.length;
  const { steps, nodes } = stepsOf(model);
  const builder = new NetlistBuilder(inputs, LITERAL);
  const literals = new Uint32Array(nodes + 1);
  for (let i = 0; i < inputs; i++) literals[i] = literalOf(1 + i);
  literals[nodes] = FALSE;
  for (const step of steps) {
    if (step.kind === "pool") freezePool(step, builder, literals);
    else freezeGates(step, model, builder, literals);
  }
  const outputs = Array.from(model.votes, (node) => literals[node]! as Literal);
  return {
    design: { encoder: model.encoder, core: builder.finish(outputs), readout: model.readout },
    literals: literals.subarray(0, nodes),
  };
}

function freezeGates(step: GateStep, model: Model, builder: NetlistBuilder, literals: Uint32Array): void {
  const { gates, positions, first, firstRow, learned, candidates, index, place, map } = step;
  const { wireLogits, gateLogits } = model.layers[step.layer]!;
  for (let g = 0; g < gates; g++) {
    const f = largest(gateLogits, 16 * (firstRow + g), 16);
    const [a, b] = [g, gates + g].map((row) => {
      const from = row * candidates;
      return index[from + (learned ? largest(wireLogits, from, candidates) : 0)]!;
    });
    for (let p = 0; p < positions; p++) {
      const node = first + g * positions + p;
      const [x, y] = [literals[map[a! + place[p]!]!]!, literals[map[b! + place[p]!]!]!];
      literals[node] = builder.ofFunction(f, x as Literal, y as Literal, [node - builder.inputs]);
    }
  }
}

function freezePool(step: PoolStep, builder: NetlistBuilder, literals: Uint32Array): void {
  for (let o = 0; o < step.outputs; o++) {
    const [a, b, c, d] = Array.from(
      step.fanins.subarray(4 * o, 4 * o + 4),
      (node) => literals[node]! as Literal,
    );
    const or = (x: Literal, y: Literal): Literal =>
      builder.ofFunction(7, x, y, [step.first + o - builder.inputs]);
    literals[step.first + o] = or(or(a!, b!), or(c!, d!));
  }
}
