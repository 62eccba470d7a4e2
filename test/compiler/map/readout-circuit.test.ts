import { describe, expect, test } from "vitest";
import { Random } from "../../../base/random.js";
import type { Literal } from "../../../compiler/ir/literal.js";
import { argmax, groupSumReadout, type Readout } from "../../../compiler/ir/readout.js";
import { plainStyle, type ReadoutStyle } from "../../../compiler/map/counter.js";
import { countersAbsorbing, countersFor } from "../../../compiler/map/counter-library.js";
import { type ColumnHeight, planCounters } from "../../../compiler/map/counter-plan.js";
import {
  buildReadout,
  type Comparison,
  type CounterCell,
  type Match,
  type ReadoutCell,
  type ReadoutCircuit,
  type VoteKinds,
} from "../../../compiler/map/readout-circuit.js";
import type { FoundReadout } from "../../../compiler/read/readout.js";
import { checkReadout } from "../../../compiler/verify/readout-checker.js";
import { checkReadoutCircuit } from "../../../compiler/verify/readout-circuit.js";
import { createCdclSolver } from "../../../sat/cdcl/solver.js";
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

/** Columns of wires alone. */
const columnsOf = (heights: readonly number[]): ColumnHeight[] =>
  heights.map((wires) => ({ wires, narrow: 0, wide: 0 }));

/** What may be taken in: nothing for every third seed. */
function randomKinds(seed: number, votes: number): VoteKinds {
  const random = new Random(2000 + seed);
  const kinds = (["wire", "narrow", "wide"] as const).slice(0, seed % 3 === 0 ? 1 : 3);
  return Array.from({ length: votes }, () => kinds[random.below(kinds.length)]!);
}

/** The circuit's class for one pattern of votes. */
function run({ cells, matches }: ReadoutCircuit, votes: readonly number[]): number {
  const values = new Map<number, number>([[0, 0], ...votes.map((bit, v): [number, number] => [1 + v, bit])]);
  const at = (literal: number): number => values.get(literal >>> 1)! ^ (literal & 1);
  const number = (bits: readonly number[]): number =>
    bits.reduce((n, literal, k) => n + at(literal) * 2 ** k, 0);
  for (const cell of cells) {
    if (cell.tag === "counter") {
      const total = cell.inputs.flatMap((bits, k) => bits.map((bit) => at(bit) * 2 ** k));
      const sum = total.reduce((x, y) => x + y, 0);
      cell.outputs.forEach((net, k) => {
        values.set(net, (sum >> k) & 1);
      });
    } else if (cell.tag === "comparison") {
      const [a, b] = [number(cell.a), number(cell.b)];
      values.set(cell.higher, a === b ? (cell.below === null ? 0 : at(cell.below)) : Number(b > a));
    } else values.set(cell.winner, at(cell.sides[winnerOf(cell.wins.map(at))]!));
  }
  const classes: number[] = [];
  for (const { sides, wins } of matches) {
    const side = sides[winnerOf(wins.map(at))]!;
    classes.push(side.tag === "class" ? side.cls : classes[side.match]!);
  }
  return classes.at(-1)!;
}

/** Which side of a match wins by its results. */
function winnerOf([second, third, thirdOverSecond]: readonly number[]): number {
  if (second === 1) return thirdOverSecond === 1 ? 2 : 1;
  return third === 1 ? 2 : 0;
}

/** As the reader finds it. */
const found = ({ votes, cells, matches }: ReadoutCircuit): FoundReadout => ({
  votes,
  cells,
  results: matches.map(({ wins }) => wins),
});

const proving = { createSolver: createCdclSolver, seed: 1 };

const STYLES: readonly ReadoutStyle[] = [
  plainStyle(4),
  plainStyle(6),
  { lutInputs: 4, carry: "adder" },
  { lutInputs: 6, carry: "lut" },
];
const named = STYLES.map((style) => [`${style.carry} ${style.lutInputs}`, style] as const);

describe.each(named)("cells for LUTs and carry chains: %s", (_name, style) => {
  test.each(seeds(25))(
    "the circuit gives the class of the readout, ties too, and the checkers agree (seed %i)",
    async (seed) => {
      const { readout, votes } = randomReadout(seed);
      const circuit = buildReadout(readout, style, randomKinds(seed, votes));
      expect(checkReadout(found(circuit), readout)).toMatchObject({ tag: "match" });
      expect(await checkReadoutCircuit(circuit, readout, proving)).toBeNull();
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

  test("every cell fits the target: inputs of a LUT, or a chain whose LUTs read no more", () => {
    for (let room = 1; room <= 8; room++) {
      for (const { heights, outputs, chain, cost } of countersFor(style, room)) {
        const inputs = heights.reduce((x, y) => x + y, 0);
        expect(outputs).toBeLessThanOrEqual(room);
        expect(heights.length).toBeLessThanOrEqual(room);
        if (chain === null) expect([inputs <= style.lutInputs, cost]).toEqual([true, outputs]);
        else if (style.carry === "adder") expect(chain.groups.flat()).toEqual(heights.map(() => 1));
        else
          for (const group of chain.groups)
            expect(group.reduce((x, y) => x + y, 0)).toBeLessThan(style.lutInputs);
      }
    }
  });

  test.each(["narrow", "wide"] as const)("LUTs that take in %s votes read no more than others", (kind) => {
    const inputs = { narrow: 2, wide: style.lutInputs - 1 }[kind];
    for (const { heights, chain, absorbs } of countersAbsorbing[kind](style, 8)) {
      const group = chain?.groups[0] ?? heights;
      const counted = group.reduce((x, y) => x + y, 0) + (inputs - 1) * absorbs[kind];
      expect(absorbs[kind]).toBeGreaterThan(0);
      expect(absorbs[kind]).toBeLessThanOrEqual(group[0]!);
      expect(counted + Number(chain !== null)).toBeLessThanOrEqual(style.lutInputs);
    }
  });

  test.each([1, 2, 3, 7, 20, 64, 100])("%i bits are added up in full", (bits) => {
    const width = Math.ceil(Math.log2(bits + 1));
    const heights = Array.from({ length: width }, (_, k) => (k === 0 ? bits : 0));
    const left = [...heights];
    planCounters(columnsOf(heights), style).forEach(({ wires }, column) => {
      for (const step of wires) {
        const counter = step!;
        counter.heights.forEach((h, i) => {
          left[column + i]! -= h;
          expect(left[column + i]).toBeGreaterThanOrEqual(0);
        });
        for (let i = 0; i < counter.outputs; i++) left[column + i]! += 1;
      }
    });
    expect(left).toEqual(heights.map(() => 1));
  });
});

test("counters for 6-input LUTs and for their carry chains remove more bits a LUT than full adders do", () => {
  const cost = (style: ReadoutStyle): number =>
    planCounters(columnsOf([100, 0, 0, 0, 0, 0, 0]), style)
      .flatMap(({ wires }) => wires)
      .reduce((sum, counter) => sum + counter!.cost, 0);
  expect(STYLES.map((style) => Math.ceil(cost(style)))).toEqual([188, 93, 171, 60]);
});

test("votes that the LUTs take in cost less than LUTs of their own and bits to be added up", () => {
  const style = { lutInputs: 6, carry: "lut" } as const;
  const cost = (wires: number, votes: { narrow: number; wide: number }, column = 0): number => {
    const heights = columnsOf([0, 0, 0, 0, 0, 0, 0, 0].slice(0, 7 + column));
    heights[column] = { wires, ...votes };
    const steps = planCounters(heights, style).flatMap((plan) => [
      ...plan.wide,
      ...plan.narrow,
      ...plan.wires,
    ]);
    return Math.ceil(steps.reduce((sum, step) => sum + (step?.cost ?? 1), 0));
  };
  expect([
    100 + cost(100, { narrow: 0, wide: 0 }),
    cost(0, { narrow: 100, wide: 0 }),
    cost(0, { narrow: 0, wide: 100 }),
    50 + cost(50, { narrow: 50, wide: 0 }),
  ]).toEqual([160, 98, 131, 115]);
  expect(cost(0, { narrow: 100, wide: 0 }, 1)).toBe(98);
});

describe("the checker refutes a changed circuit", () => {
  const { readout } = randomReadout(11);
  const circuit = buildReadout(readout, plainStyle(4));
  const counters = circuit.cells.flatMap((cell, k) => (cell.tag === "counter" ? [k] : []));
  const others = circuit.cells.flatMap((cell, k) => (cell.tag === "counter" ? [] : [k]));
  const cell = (k: number, change: (cell: ReadoutCell) => ReadoutCell): FoundReadout => ({
    ...found(circuit),
    cells: circuit.cells.map((c, i) => (i === k ? change(c) : c)),
  });
  const counter = (n: number, change: (cell: CounterCell) => CounterCell): FoundReadout =>
    cell(counters[n]!, (c) => (c.tag === "counter" ? change(c) : c));
  const comparison = (change: (cell: Comparison) => ReadoutCell): FoundReadout =>
    cell(
      circuit.cells.findIndex((c) => c.tag === "comparison"),
      (c) => (c.tag === "comparison" ? change(c) : c),
    );
  const flip = (literal: Literal): Literal => (literal ^ 1) as Literal;
  test.each([
    ["two outputs swapped", counter(0, (c) => ({ ...c, outputs: [...c.outputs].reverse() }))],
    [
      "an input complemented",
      counter(1, (c) => ({
        ...c,
        inputs: [c.inputs[0]!.map((l, i) => (i === 0 ? flip(l) : l)), ...c.inputs.slice(1)],
      })),
    ],
    ["an input lost", counter(2, (c) => ({ ...c, inputs: [c.inputs[0]!.slice(1), ...c.inputs.slice(1)] }))],
    ["a carry lost", counter(3, (c) => ({ ...c, outputs: c.outputs.slice(0, -1) }))],
    ["sides of a comparison swapped", comparison((c) => ({ ...c, a: c.b, b: c.a }))],
    ["what the bits below say is lost", cell(others[1]!, (c) => ("below" in c ? { ...c, below: null } : c))],
    [
      "another score goes on",
      cell(
        circuit.cells.findIndex(({ tag }) => tag === "choice"),
        (c) => (c.tag === "choice" ? { ...c, sides: [...c.sides].reverse() } : c),
      ),
    ],
    ["a match lost", { ...found(circuit), results: found(circuit).results.slice(1) }],
    ["matches in another order", { ...found(circuit), results: [...found(circuit).results].reverse() }],
    [
      "a readout of another offset",
      found(circuit),
      { ...readout, offset: readout.offset.map((o, c) => (c === 1 ? o + 1 : o)) },
    ],
    [
      "a readout of another weight",
      found(circuit),
      { ...readout, weight: readout.weight.map((w, t) => (t === 1 ? w + 1 : w)) },
    ],
    [
      "a readout that is equal modulo the width of the scores only",
      found(circuit),
      { ...readout, weight: readout.weight.map((w, t) => (t === 1 ? w + 2 ** scoreWidth(circuit) : w)) },
    ],
  ] as [string, FoundReadout, Readout?][])("%s", (_what, changed, other = readout) => {
    expect(checkReadout(changed, other)).toBeTypeOf("string");
  });
  test.each([
    ["two classes changed in the index", { ...circuit, matches: circuit.matches.map(otherClasses) }],
    ["a counter that reads a vote twice", { ...circuit, cells: circuit.cells.map(firstTwice) }],
  ] as [string, ReadoutCircuit][])("%s", async (_what, changed) => {
    expect(await checkReadoutCircuit(changed, readout, proving)).toBeTypeOf("string");
  });
  test("a common offset of all classes does not matter", () => {
    const shifted = { ...readout, offset: readout.offset.map((o) => o + 5) };
    expect(checkReadout(found(circuit), shifted)).toMatchObject({ tag: "match" });
  });
});

/** Classes 0 and 1 for each other, in what the index is made of. */
const otherClasses = (match: Match): Match => ({
  ...match,
  sides: match.sides.map((side) =>
    side.tag === "class" && side.cls < 2 ? { ...side, cls: 1 - side.cls } : side,
  ),
});

const firstTwice = (cell: ReadoutCell): ReadoutCell =>
  cell.tag === "counter"
    ? { ...cell, inputs: cell.inputs.map((column) => column.map(() => column[0]!)) }
    : cell;

const scoreWidth = ({ matches }: ReadoutCircuit): number => matches[0]!.sides[0]!.score.length;
