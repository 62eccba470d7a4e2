import { Random } from "../../base/random.js";
import { type Literal, literalOf, not, notIf } from "../../compiler/ir/literal.js";
import type { Netlist } from "../../compiler/ir/netlist.js";
import { FOLDING, NetlistBuilder } from "../../compiler/ir/netlist-builder.js";

export interface TrainedLikeShape {
  readonly inputs: number;
  readonly layers: number;
  readonly width: number;
  /** Share of the gates of all layers but the first that get a rewritten duplicate. */
  readonly duplicated: number;
}

/** One trained-like gate: a function of two literals of the layer below, and how it would be written otherwise. */
interface Gate {
  readonly kind: "and" | "xor" | "wire";
  readonly a: Literal;
  readonly b: Literal;
  readonly complement: boolean;
}

/** The nodes of one layer: per node its literals, a duplicate second, and the gate that it was made from. */
interface Layer {
  readonly literals: Literal[][];
  readonly gates: Gate[];
  /** Where a node is in the layer. */
  readonly place: Map<number, number>;
}

/**
 * A layered netlist as training leaves them: every gate reads two random nodes of the layer below, six in ten are
 * AND-like, one in ten XOR-like, the rest pass an input on. Some gates have a duplicate whose cone of up to three gates
 * is written in other gates, so that hashing can't see that it is the same; readers take either at random.
 */
export function trainedLike(seed: number, shape: TrainedLikeShape): { netlist: Netlist; planted: number } {
  const random = Random.forPurpose(seed, "trained-like");
  const builder = new NetlistBuilder(shape.inputs, FOLDING);
  const flip = (l: Literal): Literal => notIf(l, random.below(2) === 1);
  let below: Layer = {
    literals: Array.from({ length: shape.inputs }, (_, i) => [literalOf(1 + i)]),
    gates: [],
    place: new Map(),
  };
  let planted = 0;
  for (let layer = 0; layer < shape.layers; layer++) {
    const order = Array.from({ length: 2 * shape.width }, (_, k) => k % below.literals.length);
    random.shuffle(order);
    const read = (k: number): Literal => {
      const choices = below.literals[order[k]!]!;
      return choices[random.below(choices.length)]!;
    };
    const next: Layer = { literals: [], gates: [], place: new Map() };
    for (let g = 0; g < shape.width; g++) {
      const drawn = random.below(10);
      const kind = drawn < 6 ? "and" : drawn < 7 ? "xor" : "wire";
      const gate: Gate = {
        kind,
        a: flip(read(2 * g)),
        b: flip(read(2 * g + 1)),
        complement: random.below(2) === 1,
      };
      const literals = [build(builder, gate)];
      if (layer > 0 && kind !== "wire" && random.uniform() < shape.duplicated) {
        const inner = (l: Literal): Literal => duplicateOf(builder, random, l, below);
        literals.push(rewrite(builder, random, { ...gate, a: inner(gate.a), b: inner(gate.b) }));
        planted++;
      }
      next.place.set(literals[0]! >>> 1, g);
      next.literals.push(literals);
      next.gates.push(gate);
    }
    below = next;
  }
  return { netlist: builder.finish(below.literals.flat()), planted };
}

function build(builder: NetlistBuilder, { kind, a, b, complement }: Gate): Literal {
  if (kind === "wire") return notIf(a, complement);
  return notIf(kind === "and" ? builder.and(a, b) : builder.xor(a, b), complement);
}

/** The literal's driver in the layer below, written anew half of the time. */
function duplicateOf(
  builder: NetlistBuilder,
  random: Random,
  literal: Literal,
  { literals, gates, place }: Layer,
): Literal {
  const at = place.get(literal >>> 1) ?? -1;
  const gate = gates[at];
  if (gate === undefined || random.below(2) === 0) return literal;
  return notIf(rewrite(builder, random, gate), ((literal ^ literals[at]![0]!) & 1) === 1);
}

/** The same function in other gates. */
function rewrite(builder: NetlistBuilder, random: Random, gate: Gate): Literal {
  const { kind, a, b, complement } = gate;
  if (kind === "wire") return notIf(a, complement);
  return notIf((kind === "and" ? AND_FORMS : XOR_FORMS)[random.below(3)]!(builder, a, b), complement);
}

type Form = (builder: NetlistBuilder, a: Literal, b: Literal) => Literal;
const AND_FORMS: readonly Form[] = [
  (w, a, b) => w.and(a, not(w.and(a, not(b)))),
  (w, a, b) => w.and(a, not(w.xor(a, b))),
  (w, a, b) => w.xor(w.xor(a, b), w.or(a, b)),
];
const XOR_FORMS: readonly Form[] = [
  (w, a, b) => w.or(w.and(a, not(b)), w.and(not(a), b)),
  (w, a, b) => w.and(w.or(a, b), not(w.and(a, b))),
  (w, a, b) => w.mux(a, not(b), b),
];
