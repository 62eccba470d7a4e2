import type { Frozen } from "./freeze.js";
import type { Model } from "./model.js";

/** `proved`, or what differs. */
export type FreezeVerdict =
  | { readonly tag: "proved"; readonly gates: number }
  | { readonly tag: "refuted"; readonly reason: string };

/** Outputs of the sixteen functions for (a, b) = 00, 01, 10, 11, written out: on purpose not the table that `freeze` uses. */
const TRUTH = "0000 0001 0010 0011 0100 0101 0110 0111 1000 1001 1010 1011 1100 1101 1110 1111".split(" ");

/**
 * Check a frozen design against its model gate by gate: every trained gate on its four input patterns, the
 * wiring, the votes, the encoder and the readout. By induction over the gates, agreement everywhere is a proof
 * that the design computes what the model does.
 *
 * Written independently of the netlist builder and of `GATE_FORMS`; reads logits and literals only.
 */
export function checkFreeze(model: Model, { design, literals }: Frozen): FreezeVerdict {
  const { core } = design;
  const inputs = model.encoder.bits.length;
  if (core.inputs !== inputs) return refuted(`the core has ${core.inputs} inputs for ${inputs} encoder bits`);
  if (JSON.stringify(design.encoder) !== JSON.stringify(model.encoder)) return refuted("the encoder differs");
  for (let i = 0; i < inputs; i++)
    if (literals[i] !== 2 * (1 + i)) return refuted(`input ${i} is another node`);
  let node = inputs;
  for (const layer of model.layers) {
    for (let g = 0; g < layer.gates; g++, node++) {
      const fanins = [0, 1].map((which) => {
        const row = (which * layer.gates + g) * layer.candidates;
        return layer.candidateIndex[
          row + indexOfMaximum(layer.wireLogits.subarray(row, row + layer.candidates))
        ]!;
      });
      const truth = TRUTH[indexOfMaximum(layer.gateLogits.subarray(16 * g, 16 * g + 16))]!;
      const reason = checkGate(design, literals[node]!, literals[fanins[0]!]!, literals[fanins[1]!]!, truth);
      if (reason !== null) return refuted(`trained gate ${node - inputs}: ${reason}`);
    }
  }
  for (let v = 0; v < model.votes.length; v++) {
    if (core.outputs[v] !== literals[model.votes[v]!]) return refuted(`vote ${v} reads another node`);
  }
  if (core.outputs.length !== model.votes.length) return refuted("the number of votes differs");
  if (!sameReadout(model, design.readout)) return refuted("the readout differs");
  return { tag: "proved", gates: node - inputs };
}

const refuted = (reason: string): FreezeVerdict => ({ tag: "refuted", reason });

function indexOfMaximum(values: Float32Array): number {
  return values.indexOf(Math.max(...values));
}

function sameReadout(model: Model, found: Model["readout"]): boolean {
  const plain = ({ classNames, offset, start, vote, weight }: Model["readout"]): string =>
    JSON.stringify([classNames, [...offset], [...start], [...vote], [...weight]]);
  return plain(model.readout) === plain(found);
}

/** One trained gate on its four patterns; null when all agree. */
function checkGate(
  design: Frozen["design"],
  out: number,
  a: number,
  b: number,
  truth: string,
): string | null {
  for (let pattern = 0; pattern < 4; pattern++) {
    // What is known about nodes: the constant, and the two fanins in this pattern.
    const known = new Map<number, number>([[0, 0]]);
    const impossible = [
      [a, pattern >> 1],
      [b, pattern & 1],
    ].some(([literal, value]) => {
      const bit = value! ^ (literal! & 1);
      const before = known.get(literal! >> 1);
      known.set(literal! >> 1, bit);
      return before !== undefined && before !== bit;
    });
    if (impossible) continue;
    const found = evaluate(design, out, known);
    if (found === null) return "reads a node that the model does not wire to it";
    if (found !== Number(truth[pattern])) return `gives ${found} for inputs ${pattern >> 1}${pattern & 1}`;
  }
  return null;
}

/** The value of a literal that is known or one gate away from what is known. */
function evaluate(
  { core }: Frozen["design"],
  literal: number,
  known: ReadonlyMap<number, number>,
): number | null {
  const direct = known.get(literal >> 1);
  if (direct !== undefined) return direct ^ (literal & 1);
  const g = (literal >> 1) - 1 - core.inputs;
  if (g < 0) return null;
  const [f0, f1] = [core.fanin0[g]!, core.fanin1[g]!];
  const [x, y] = [known.get(f0 >> 1), known.get(f1 >> 1)];
  if (x === undefined || y === undefined) return null;
  const [p, q] = [x ^ (f0 & 1), y ^ (f1 & 1)];
  return (core.kind[g] === 0 ? p & q : p ^ q) ^ (literal & 1);
}
