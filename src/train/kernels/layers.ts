import type { Model } from "../../../compiler/model/model.js";
import { type GateStep, type PoolStep, stepsOf } from "../../../compiler/model/steps.js";

/** Gates that do not read each other, as the kernels see them (assembly/plan.ts). */
export interface KernelLayer {
  readonly gates: number;
  readonly positions: number;
  /** Number of gate 0 at position 0, counted from the first node after the inputs. */
  readonly first: number;
  /** The model's layer with the logits, and the row of gate 0 among its gate logits; null for OR gates. */
  readonly logits: { readonly layer: number; readonly row: number } | null;
  /** Candidates of a gate input; 0 where there is one, and nothing to be learned of the wires. */
  readonly candidates: number;
  /** Shape `[2, gates, positions, candidates]` (1 for none): nodes. */
  readonly table: Uint32Array;
}

/** A network as the kernels see it: nodes `inputs .. inputs + gates` are gates. */
export interface KernelNetwork {
  readonly inputs: number;
  readonly gates: number;
  /** In the order in which they are computed. */
  readonly layers: readonly KernelLayer[];
}

/**
 * The layers of a network for the kernels. Nodes are numbered as in the model; a pooling becomes two layers of OR gates,
 * those of the first being numbered after all nodes of the model; the node after the last gate is always false.
 */
export function kernelNetwork(model: Model): KernelNetwork {
  const { steps, nodes } = stepsOf(model);
  const inputs = model.encoder.bits.length;
  const halves = steps.reduce((sum, step) => sum + (step.kind === "pool" ? 2 * step.outputs : 0), 0);
  const gates = nodes - inputs + halves;
  const constant = inputs + gates;
  const moved = (node: number): number => (node === nodes ? constant : node);
  let next = nodes;
  const layers = steps.flatMap((step) => {
    if (step.kind === "gates") return [gateLayer(step, inputs, moved)];
    const made = poolLayers(step, next, inputs);
    next += 2 * step.outputs;
    return made;
  });
  return { inputs, gates, layers };
}

function gateLayer(step: GateStep, inputs: number, moved: (node: number) => number): KernelLayer {
  const { gates, positions, first, firstRow, learned, candidates, index, place, map } = step;
  const table = new Uint32Array(2 * gates * positions * candidates);
  for (let row = 0, at = 0; row < 2 * gates; row++) {
    for (let p = 0; p < positions; p++)
      for (let c = 0; c < candidates; c++)
        table[at++] = moved(map[index[row * candidates + c]! + place[p]!]!);
  }
  return {
    gates,
    positions,
    first: first - inputs,
    logits: { layer: step.layer, row: firstRow },
    candidates: learned && candidates > 1 ? candidates : 0,
    table,
  };
}

/** An OR of four nodes is an OR of two ORs. @param half the first node of those. */
function poolLayers({ first, outputs, fanins }: PoolStep, half: number, inputs: number): KernelLayer[] {
  const pair = { positions: 1, logits: null, candidates: 0 };
  const every = (count: number, of: (i: number) => number): Uint32Array =>
    Uint32Array.from({ length: count }, (_, i) => of(i));
  const two = 2 * outputs;
  return [
    {
      ...pair,
      gates: two,
      first: half - inputs,
      table: every(2 * two, (i) => fanins[2 * (i % two) + Math.floor(i / two)]!),
    },
    {
      ...pair,
      gates: outputs,
      first: first - inputs,
      table: every(two, (i) => half + 2 * (i % outputs) + Math.floor(i / outputs)),
    },
  ];
}
