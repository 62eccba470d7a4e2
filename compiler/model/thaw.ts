import { Random } from "../../base/random.js";
import type { Design } from "../ir/design.js";
import { GateKind } from "../ir/gate-functions.js";
import { firstGate, levels } from "../ir/netlist.js";
import type { Model, ModelLayer } from "./model.js";

export interface ThawOptions {
  readonly seed: number;
  readonly temperature: number;
  /** Candidate fanins per gate input; fewer where fewer earlier nodes exist. */
  readonly candidates: number;
}

/** Logit of what the design has; everything else is 0, so that training starts from the design. */
const PEAK = 4;

/** A gate of the model to be: its function and the model nodes that it reads. */
interface Planned {
  readonly f: number;
  readonly a: number;
  readonly b: number;
}

/**
 * A trainable model that computes what the design computes: one layer per level, complements absorbed into the
 * gate functions, the present fanin first among the candidates. `freeze(thaw(d))` equals `d` in function.
 *
 * Votes that are constants or complemented get a gate of their own in a last layer.
 */
export function thaw(design: Design, options: ThawOptions): Model {
  const { core, encoder, readout } = design;
  const { layers, nodeOfGate } = planGates(core);
  const modelNode = (netlistNode: number): number =>
    netlistNode < firstGate(core) ? netlistNode - 1 : nodeOfGate[netlistNode - firstGate(core)]!;
  let next = core.inputs + core.kind.length;
  const extra: Planned[] = [];
  const votes = Uint32Array.from(core.outputs, (literal) => {
    if (literal >>> 1 !== 0 && (literal & 1) === 0) return modelNode(literal >>> 1);
    const [f, node] = literal >>> 1 === 0 ? [literal === 1 ? 15 : 0, 0] : [12, modelNode(literal >>> 1)];
    extra.push({ f, a: node, b: node });
    return next++;
  });
  if (extra.length > 0) layers.push(extra);
  const random = Random.forPurpose(options.seed, "thaw");
  let below = core.inputs;
  const built = layers.map((gates) => {
    const layer = buildLayer(gates, Math.min(options.candidates, below), below, random);
    below += gates.length;
    return layer;
  });
  return { encoder, layers: built, votes, readout, temperature: options.temperature, seed: options.seed };
}

/** Gates by level, and the model node of every gate. */
function planGates(core: Design["core"]): { layers: Planned[][]; nodeOfGate: Uint32Array } {
  const level = levels(core);
  const first = firstGate(core);
  const order = Array.from({ length: core.kind.length }, (_, g) => g);
  order.sort((x, y) => level[first + x]! - level[first + y]! || x - y);
  const nodeOfGate = new Uint32Array(core.kind.length);
  order.forEach((g, position) => {
    nodeOfGate[g] = core.inputs + position;
  });
  const layers: Planned[][] = [];
  for (const g of order) {
    const l = level[first + g]! - 1;
    layers[l] ??= [];
    layers[l].push(planGate(core, g, nodeOfGate));
  }
  return { layers, nodeOfGate };
}

function planGate(core: Design["core"], g: number, nodeOfGate: Uint32Array): Planned {
  const first = firstGate(core);
  const fanins = [core.fanin0[g]!, core.fanin1[g]!];
  let f = 0;
  for (const a of [0, 1]) {
    for (const b of [0, 1]) {
      const [x, y] = [a, b].map((bit, i) => (fanins[i]! >>> 1 === 0 ? 0 : bit) ^ (fanins[i]! & 1));
      const out = core.kind[g] === GateKind.And ? x! & y! : x! ^ y!;
      f |= out << (3 - 2 * a - b);
    }
  }
  const [a, b] = fanins.map((literal) => {
    const node = literal >>> 1;
    if (node === 0) return 0;
    return node < first ? node - 1 : nodeOfGate[node - first]!;
  });
  return { f, a: a!, b: b! };
}

function buildLayer(
  gates: readonly Planned[],
  candidates: number,
  below: number,
  random: Random,
): ModelLayer {
  const candidateIndex = new Uint32Array(2 * gates.length * candidates);
  const wireLogits = new Float32Array(2 * gates.length * candidates);
  const gateLogits = new Float32Array(gates.length * 16);
  gates.forEach(({ f, a, b }, g) => {
    gateLogits[g * 16 + f] = PEAK;
    [a, b].forEach((present, which) => {
      const row = (which * gates.length + g) * candidates;
      const chosen = new Set([present]);
      while (chosen.size < candidates) chosen.add(random.below(below));
      candidateIndex.set([...chosen], row);
      wireLogits[row] = PEAK;
    });
  });
  return { kind: "dense", gates: gates.length, candidates, candidateIndex, wireLogits, gateLogits };
}
