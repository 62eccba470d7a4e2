import { FALSE, type Literal, literalOf, notIf } from "../ir/literal.js";
import type { Netlist } from "../ir/netlist.js";
import { HASHING, NetlistBuilder } from "../ir/netlist-builder.js";
import type { Match, ReadoutCircuit } from "./readout-circuit.js";

/** A readout circuit as gates: one input a vote, the class index as outputs, low bit first. */
export function readoutNetlist({ votes, cells, matches, winner }: ReadoutCircuit): Netlist {
  const builder = new NetlistBuilder(votes, HASHING);
  /** Literal of every net of the circuit. */
  const nets = new Map<number, Literal>();
  for (let net = 0; net <= votes; net++) nets.set(net, literalOf(net));
  const at = (literal: Literal): Literal => notIf(nets.get(literal >>> 1)!, (literal & 1) === 1);
  for (const { inputs, sum, carry } of cells) {
    const [a, b, c] = inputs.map(at);
    const half = builder.xor(a!, b!);
    nets.set(sum, c === undefined ? half : builder.xor(half, c));
    nets.set(carry, c === undefined ? builder.and(a!, b!) : builder.mux(half, c, a!));
  }
  for (const match of matches) playMatch(builder, match, nets, at);
  return builder.finish(winner.map(at));
}

/** The winner's nets: those of `b` where its score is higher. */
function playMatch(
  builder: NetlistBuilder,
  { a, b, winner }: Match,
  nets: Map<number, Literal>,
  at: (literal: Literal) => Literal,
): void {
  const higher = b.score.reduce<Literal>((below, bit, k) => {
    const [mine, other] = [at(bit), at(a.score[k]!)];
    return builder.mux(builder.xor(mine, other), mine, below);
  }, FALSE);
  const choose = (to: readonly Literal[], fromB: readonly Literal[], fromA: readonly Literal[]): void =>
    to.forEach((literal, k) => {
      const chosen = builder.mux(higher, at(fromB[k]!), at(fromA[k]!));
      nets.set(literal >>> 1, notIf(chosen, (literal & 1) === 1));
    });
  choose(winner.score, b.score, a.score);
  choose(winner.index, b.index, a.index);
}
