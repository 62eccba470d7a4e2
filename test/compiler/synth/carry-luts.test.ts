import { expect, test } from "vitest";
import { Random } from "../../../base/random.js";
import type { Family } from "../../../compiler/ir/target.js";
import { elaborate, type PortBit } from "../../../compiler/read/elaborate.js";
import type { YosysModule } from "../../../compiler/read/yosys-json.js";
import { simulate } from "../../../compiler/simulate/bit-parallel.js";
import { withGenericCells } from "../../../compiler/synth/generic-cells.js";
import { countResources, lutPlaces } from "../../../compiler/synth/resources.js";
import { seeds } from "../../support/random-design.js";

/** A carry cell alone, all its pins ports, on all input patterns: the outputs of each, as bits. */
function outputsOf(
  family: Family,
  type: string,
  parameters: Record<string, string>,
  inputs: readonly string[],
  outputs: readonly string[],
): (pattern: number) => number[] {
  const net = (pin: string): number[] => [2 + [...inputs, ...outputs].indexOf(pin)];
  const port = (direction: string) => (pin: string) => [pin, { direction, bits: net(pin) }] as const;
  const module: YosysModule = {
    ports: Object.fromEntries([...inputs.map(port("input")), ...outputs.map(port("output"))]),
    cells: {
      cell: {
        type,
        parameters,
        connections: Object.fromEntries([...inputs, ...outputs].map((pin) => [pin, net(pin)])),
      },
    },
  };
  const bit = (pin: string): PortBit => [pin, 0];
  const netlist = elaborate(
    new Map([["m", withGenericCells(module, family)]]),
    "m",
    inputs.map((pin, input) => ({ bit: bit(pin), input })),
    inputs.length,
    outputs.map(bit),
  );
  const words = Math.max(1, 2 ** inputs.length / 32);
  const patterns = inputs.map((_, i) =>
    Uint32Array.from({ length: words }, (_, w) =>
      Array.from({ length: 32 }, (_, b) => (((32 * w + b) >> i) & 1) << b).reduce((x, y) => x | y),
    ),
  );
  const rows = simulate(netlist, patterns, words);
  return (pattern) => rows.map((row) => (row[pattern >> 5]! >>> (pattern & 31)) & 1);
}

const bits = (pattern: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => (pattern >> i) & 1);
const randomTable = (random: Random): string => Array.from({ length: 16 }, () => random.below(2)).join("");
const lookUp = (table: string, ...index: number[]): number =>
  Number(table.at(-1 - index.reduce((sum, bit, i) => sum + (bit << i), 0)));

test.each(seeds(3))("ECP5: CCU2C does what Lattice's model does, whatever its tables (seed %i)", (seed) => {
  const random = new Random(seed);
  const [INIT0, INIT1] = [randomTable(random), randomTable(random)];
  for (const inject of ["YES", "NO"]) {
    const parameters = { INIT0, INIT1, INJECT1_0: inject, INJECT1_1: "NO" };
    const pins = ["CIN", "A0", "B0", "C0", "D0", "A1", "B1", "C1", "D1"];
    const found = outputsOf("ecp5", "CCU2C", parameters, pins, ["S0", "S1", "COUT"]);
    for (let pattern = 0; pattern < 512; pattern++) {
      const [cin, a0, b0, c0, d0, a1, b1, c1, d1] = bits(pattern, 9) as [number, ...number[]];
      const first = lookUp(INIT0, a0!, b0!, c0!, d0!);
      const low = inject === "YES" ? 0 : lookUp(INIT0.slice(12), a0!, b0!);
      const middle = first === 1 ? cin : low;
      const second = lookUp(INIT1, a1!, b1!, c1!, d1!);
      const out = second === 1 ? middle : lookUp(INIT1.slice(12), a1!, b1!);
      expect(found(pattern)).toEqual([first ^ (inject === "YES" ? 0 : cin), second ^ middle, out]);
    }
  }
});

test("Gowin: ALU adds, subtracts, or either", () => {
  for (const [mode, adds] of [
    ["0", () => true],
    ["1", () => false],
    ["00000000000000000000000000000010", (choice: number) => choice === 1],
  ] as const) {
    const found = outputsOf("gowin", "ALU", { ALU_MODE: mode }, ["I0", "I1", "I3", "CIN"], ["SUM", "COUT"]);
    for (let pattern = 0; pattern < 16; pattern++) {
      const [a, b, choice, cin] = bits(pattern, 4) as [number, number, number, number];
      const sum = a + (adds(choice) ? b : 1 - b) + cin;
      expect(found(pattern)).toEqual([sum & 1, sum >> 1]);
    }
  }
});

test.each(seeds(3))(
  "Intel: MISTRAL_ALUT_ARITH adds two tables, the second complemented (seed %i)",
  (seed) => {
    const random = new Random(seed);
    const [LUT0, LUT1] = [randomTable(random), randomTable(random)];
    const pins = ["A", "B", "C", "D0", "D1", "CI"];
    const found = outputsOf("intel", "MISTRAL_ALUT_ARITH", { LUT0, LUT1 }, pins, ["SO", "CO"]);
    for (let pattern = 0; pattern < 64; pattern++) {
      const [a, b, c, d0, d1, ci] = bits(pattern, 6) as [number, number, number, number, number, number];
      const sum = lookUp(LUT0, a, b, c, d0) + 1 - lookUp(LUT1, a, b, c, d1) + ci;
      expect(found(pattern)).toEqual([sum & 1, sum >> 1]);
    }
  },
);

test("carry cells that hold LUTs count as those when ways are compared", () => {
  const cell = (type: string) => ({ type, connections: { A: [2], Y: [3] } });
  const cells = { a: cell("CCU2C"), b: cell("CCU2C"), c: cell("LUT4"), d: cell("CARRY4"), e: cell("ALU") };
  const resources = countResources({ ports: {}, cells });
  expect([resources.luts, resources.carries, lutPlaces(resources)]).toEqual([1, 4, 6]);
});
