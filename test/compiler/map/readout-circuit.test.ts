import { describe, expect, test } from "vitest";
import { Random } from "../../../base/random.js";
import { argmax, groupSumReadout, type Readout } from "../../../compiler/ir/readout.js";
import { buildReadout, type Contestant, type ReadoutCircuit } from "../../../compiler/map/readout-circuit.js";
import { checkReadout } from "../../../compiler/verify/readout-checker.js";
import { seeds } from "../../support/random-design.js";

function randomReadout(seed: number): { readout: Readout; votes: number } {
  const random = new Random(seed);
  const classes = 2 + random.below(6);
  const votes = classes * (1 + random.below(9));
  const weight = (): number =>
    (random.below(3) === 0 ? 1 + random.below(5) : 1) * (random.below(4) === 0 ? -1 : 1);
  const readout = {
    ...groupSumReadout(
      Array.from({ length: classes }, (_, c) => `${c}`),
      votes,
    ),
    offset: Int32Array.from({ length: classes }, () => random.below(9) - 4),
    weight: Int32Array.from({ length: votes }, weight),
  };
  return { readout, votes };
}

/** The circuit's class for one pattern of votes. */
function run(circuit: ReadoutCircuit, votes: readonly number[]): number {
  const values = new Map<number, number>([[0, 0], ...votes.map((bit, v): [number, number] => [1 + v, bit])]);
  const at = (literal: number): number => values.get(literal >>> 1)! ^ (literal & 1);
  for (const { inputs, sum, carry } of circuit.cells) {
    const total = inputs.reduce((n, literal) => n + at(literal), 0);
    values.set(sum, total & 1).set(carry, total >> 1);
  }
  const number = (bits: readonly number[]): number =>
    bits.reduce((n, literal, k) => n + at(literal) * 2 ** k, 0);
  for (const { a, b, winner } of circuit.matches) {
    const won: Contestant = number(b.score) > number(a.score) ? b : a;
    const store = (to: readonly number[], from: readonly number[]): void =>
      to.forEach((literal, k) => {
        values.set(literal >>> 1, at(from[k]!));
      });
    store(winner.score, won.score);
    store(winner.index, won.index);
  }
  return number(circuit.winner);
}

test.each(seeds(40))(
  "the circuit gives the class of the readout, ties too, and the checker agrees (seed %i)",
  (seed) => {
    const { readout, votes } = randomReadout(seed);
    const circuit = buildReadout(readout);
    expect(checkReadout(circuit, readout)).toBeNull();
    const random = new Random(1000 + seed);
    for (let k = 0; k < 60; k++) {
      const bits = Array.from({ length: votes }, () => random.below(2));
      const scores = Array.from(readout.offset, (offset, c) => {
        let score = offset;
        for (let t = readout.start[c]!; t < readout.start[c + 1]!; t++)
          score += readout.weight[t]! * bits[readout.vote[t]!]!;
        return score;
      });
      expect(run(circuit, bits)).toBe(argmax(scores));
    }
  },
);

describe("the checker refutes a changed circuit", () => {
  const { readout } = randomReadout(11);
  const circuit = buildReadout(readout);
  const cell = (
    k: number,
    change: (cell: ReadoutCircuit["cells"][number]) => ReadoutCircuit["cells"][number],
  ): ReadoutCircuit => ({
    ...circuit,
    cells: circuit.cells.map((c, i) => (i === k ? change(c) : c)),
  });
  test.each([
    ["sum and carry swapped", cell(0, (c) => ({ ...c, sum: c.carry, carry: c.sum }))],
    [
      "an input complemented",
      cell(1, (c) => ({ ...c, inputs: c.inputs.map((l, i) => (i === 0 ? ((l ^ 1) as typeof l) : l)) })),
    ],
    ["an input lost", cell(2, (c) => ({ ...c, inputs: c.inputs.slice(1) }))],
    [
      "sides of a match swapped",
      { ...circuit, matches: circuit.matches.map((m, i) => (i === 0 ? { ...m, a: m.b, b: m.a } : m)) },
    ],
    ["a match lost", { ...circuit, matches: circuit.matches.slice(1) }],
    [
      "a readout of another offset",
      circuit,
      { ...readout, offset: readout.offset.map((o, c) => (c === 1 ? o + 1 : o)) },
    ],
    [
      "a readout of another weight",
      circuit,
      { ...readout, weight: readout.weight.map((w, t) => (t === 1 ? w + 1 : w)) },
    ],
  ] as [string, ReadoutCircuit, Readout?][])("%s", (_what, changed, other = readout) => {
    expect(checkReadout(changed, other)).not.toBeNull();
  });
  test("a common offset of all classes does not matter", () => {
    expect(checkReadout(circuit, { ...readout, offset: readout.offset.map((o) => o + 5) })).toBeNull();
  });
});
