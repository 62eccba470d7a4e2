import type { Frozen } from "./freeze.js";
import type { Model } from "./model.js";
import { specifiedNodes } from "./specified-nodes.js";

/** `proved`, or what differs. */
export type FreezeVerdict =
  | { readonly tag: "proved"; readonly gates: number }
  | { readonly tag: "refuted"; readonly reason: string };

/**
 * Check a frozen design against its model gate by gate: every trained gate, at each of its positions, on its four
 * input patterns, every pooling on its sixteen, the wiring, the votes, the encoder and the readout. By induction over
 * the nodes, agreement everywhere is a proof that the design computes what the model does.
 *
 * Written independently of the netlist builder, of `GATE_FORMS` and of `stepsOf`; reads logits and literals only.
 */
export function checkFreeze(model: Model, { design, literals }: Frozen): FreezeVerdict {
  const { core } = design;
  const inputs = model.encoder.bits.length;
  if (core.inputs !== inputs) return refuted(`the core has ${core.inputs} inputs for ${inputs} encoder bits`);
  if (JSON.stringify(design.encoder) !== JSON.stringify(model.encoder)) return refuted("the encoder differs");
  for (let i = 0; i < inputs; i++)
    if (literals[i] !== 2 * (1 + i)) return refuted(`input ${i} is another node`);
  let node = inputs;
  for (const { fanins, truth } of specifiedNodes(model)) {
    const sources = fanins.map((fanin) => (fanin === null ? 0 : literals[fanin]!));
    const reason = checkNode(design, literals[node]!, sources, truth);
    if (reason !== null) return refuted(`node ${node - inputs} after the inputs: ${reason}`);
    node++;
  }
  if (literals.length !== node) return refuted("the number of nodes differs");
  for (let v = 0; v < model.votes.length; v++) {
    if (core.outputs[v] !== literals[model.votes[v]!]) return refuted(`vote ${v} reads another node`);
  }
  if (core.outputs.length !== model.votes.length) return refuted("the number of votes differs");
  if (!sameReadout(model, design.readout)) return refuted("the readout differs");
  return { tag: "proved", gates: node - inputs };
}

const refuted = (reason: string): FreezeVerdict => ({ tag: "refuted", reason });

function sameReadout(model: Model, found: Model["readout"]): boolean {
  const plain = ({ classNames, offset, start, vote, weight }: Model["readout"]): string =>
    JSON.stringify([classNames, [...offset], [...start], [...vote], [...weight]]);
  return plain(model.readout) === plain(found);
}

/** One node on every pattern of its fanins; null when all agree. */
function checkNode(
  design: Frozen["design"],
  out: number,
  fanins: readonly number[],
  truth: string,
): string | null {
  for (let pattern = 0; pattern < truth.length; pattern++) {
    // What is known about nodes: the constant, and the fanins in this pattern.
    const known = new Map<number, number>([[0, 0]]);
    const values = fanins.map((_, i) => (pattern >> (fanins.length - 1 - i)) & 1);
    const impossible = fanins.some((literal, i) => {
      const bit = values[i]! ^ (literal & 1);
      const before = known.get(literal >> 1);
      known.set(literal >> 1, bit);
      return before !== undefined && before !== bit;
    });
    if (impossible) continue;
    const found = evaluate(design, out, known, fanins.length / 2);
    if (found === null) return "reads a node that the model does not wire to it";
    if (found !== Number(truth[pattern])) return `gives ${found} for inputs ${values.join("")}`;
  }
  return null;
}

/** The value of a literal that is known or at most `depth` gates away from what is known. */
function evaluate(
  design: Frozen["design"],
  literal: number,
  known: ReadonlyMap<number, number>,
  depth: number,
): number | null {
  const direct = known.get(literal >> 1);
  if (direct !== undefined) return direct ^ (literal & 1);
  const { core } = design;
  const g = (literal >> 1) - 1 - core.inputs;
  if (g < 0 || depth === 0) return null;
  const p = evaluate(design, core.fanin0[g]!, known, depth - 1);
  const q = evaluate(design, core.fanin1[g]!, known, depth - 1);
  if (p === null || q === null) return null;
  return (core.kind[g] === 0 ? p & q : p ^ q) ^ (literal & 1);
}
