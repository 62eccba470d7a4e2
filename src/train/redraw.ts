import { Random } from "../../base/random.js";
import type { DenseLayer, Model } from "../../compiler/model/model.js";
import type { Moments } from "./adam.js";
import { neighbourhoods } from "./candidates.js";
import type { LayerMoments } from "./state.js";
import type { TrainingData } from "./training-data.js";

export interface RedrawOptions {
  /** Of a gate input's candidates, the share that is exchanged, below 1. */
  readonly redraw: number;
  /** As in `NetworkOptions`. */
  readonly locality: number | null;
  readonly seed: number;
}

/** What may take a losing candidate's place; `chosen` is the node that the gate input reads now. */
type Draw = (chosen: number) => number;

/** Draws for one node before it is given up: most nodes of a small layer may be candidates already. */
const TRIES = 30;

/** Exchanges candidates of a network in place; `step` is the number of steps done. */
export type Redraw = (model: Model, moments: readonly LayerMoments[], step: number) => void;

/**
 * Exchanges the weakest candidates of every gate input of the dense layers for new ones, which begin with the mean logit
 * of those that stay and without moments. In the first layer on images new ones come from around the node that is
 * chosen, elsewhere from all nodes that the layer reads. The chosen wire stays, so the network computes what it did.
 *
 * Once a gate input has decided, most of its candidates are far behind and do not come back: their places go to nodes
 * that it has not looked at.
 *
 * @param model as it was initialised.
 */
export function candidateRedrawer(model: Model, data: TrainingData, options: RedrawOptions): Redraw {
  const sources = model.layers.map(({ candidateIndex }) =>
    [...new Set(candidateIndex)].sort((a, b) => a - b),
  );
  const near = nearBits(data, options);
  return ({ layers }, moments, step) => {
    const random = Random.forPurpose(options.seed, `redraw ${step}`);
    const from = (nodes: readonly number[]): number => nodes[random.below(nodes.length)]!;
    layers.forEach((layer, l) => {
      if (layer.kind !== "dense") return;
      const local = l === 0 && near.length > 0;
      const draw: Draw = (chosen) => from(local ? near[chosen]! : sources[l]!);
      redrawLayer(layer, moments[l]!.wire, options.redraw, draw);
    });
  };
}

/** For every encoder bit those around it; none where candidates come from anywhere. */
function nearBits(
  { encoder, shape }: TrainingData,
  { locality }: RedrawOptions,
): readonly (readonly number[])[] {
  if (locality === null || shape === undefined) return [];
  const near: (readonly number[])[] = [];
  for (const { here, near: bits } of neighbourhoods(encoder, shape, locality, 1)) {
    for (const bit of here) near[bit] = bits;
  }
  return near;
}

function redrawLayer(
  { candidates, candidateIndex, wireLogits }: DenseLayer,
  { first, second }: Moments,
  share: number,
  draw: Draw,
): void {
  const count = Math.floor(candidates * share);
  const order = Array.from({ length: candidates }, (_, c) => c);
  for (let row = 0; row < wireLogits.length; row += candidates) {
    // Ties as the forward pass breaks them: of equals the first is the strongest.
    order.sort((a, b) => wireLogits[row + a]! - wireLogits[row + b]! || b - a);
    const nodes = candidateIndex.subarray(row, row + candidates);
    const chosen = nodes[order.at(-1)!]!;
    const mean = order.slice(count).reduce((sum, c) => sum + wireLogits[row + c]!, 0) / (candidates - count);
    for (const c of order.slice(0, count)) {
      const node = drawOther(nodes, () => draw(chosen));
      if (node === null) continue;
      nodes[c] = node;
      wireLogits[row + c] = mean;
      first[row + c] = 0;
      second[row + c] = 0;
    }
  }
}

/** A node that is no candidate yet, or null where none is found. */
function drawOther(nodes: Uint32Array, draw: () => number): number | null {
  for (let tries = 0; tries < TRIES; tries++) {
    const node = draw();
    if (!nodes.includes(node)) return node;
  }
  return null;
}
