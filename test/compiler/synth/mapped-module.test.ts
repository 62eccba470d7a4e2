import { expect, test } from "vitest";
import type { Netlist } from "../../../compiler/ir/netlist.js";
import type { Family } from "../../../compiler/ir/target.js";
import { TARGETS } from "../../../compiler/ir/target.js";
import { mapLuts } from "../../../compiler/map/map-luts.js";
import type { YosysModule } from "../../../compiler/read/yosys-json.js";
import { withGenericCells } from "../../../compiler/synth/generic-cells.js";
import { mappedModule } from "../../../compiler/synth/mapped-module.js";
import { LUT_PRIMITIVES } from "../../../compiler/synth/primitives.js";
import { proveCombinational } from "../../../compiler/synth/prove-synthesised.js";
import { countResources } from "../../../compiler/synth/resources.js";
import { createCdclSolver } from "../../../sat/cdcl/solver.js";
import { randomDesign } from "../../support/random-design.js";

const options = { createSolver: createCdclSolver, seed: 1 };
const FAMILIES = [...new Map(TARGETS.map(({ family, lutInputs }) => [family, lutInputs]))];

function mapped(seed: number, family: Family, k: number): { core: Netlist; module: YosysModule } {
  const { core } = randomDesign(seed, { inputs: 9, gates: 60, outputs: 8 });
  const ports = [new Map([["i", core.inputs]]), new Map([["o", core.outputs.length]])] as const;
  return { core, module: mappedModule(mapLuts(core, { k }), family, ...ports) };
}

test.each(FAMILIES.flatMap(([family, k]) => [1, 2, 3].map((seed) => ({ family, k, seed }))))(
  "cells of $family (LUT-$k, seed $seed) read back are the netlist",
  async ({ family, k, seed }) => {
    const { core, module } = mapped(seed, family, k);
    const verdict = await proveCombinational(core, withGenericCells(module, family), options);
    expect(verdict).toMatchObject({ verdict: "proved" });
    const { luts, lutSizes } = countResources(module);
    expect(luts).toBe(Object.keys(module.cells).length);
    expect(lutSizes.slice(k).every((n) => n === 0)).toBe(true);
  },
);

test.each(FAMILIES)("a changed truth table of %s is refuted", async (family, k) => {
  const { core, module } = mapped(4, family, k);
  const parameter = family === "generic" ? "LUT" : LUT_PRIMITIVES[family].parameter;
  const cell = Object.values(module.cells).at(-1)!;
  const table = String(cell.parameters![parameter]);
  const flipped = [...table].map((bit) => (bit === "1" ? "0" : "1")).join("");
  const broken = { ...cell, parameters: { ...cell.parameters, [parameter]: flipped } };
  const cells = { ...module.cells, [Object.keys(module.cells).at(-1)!]: broken };
  const verdict = await proveCombinational(core, withGenericCells({ ...module, cells }, family), options);
  expect(verdict.verdict).toBe("refuted");
});

test("a cell without a model is unknown, an undriven net refuted", async () => {
  const { core, module } = mapped(5, "xilinx", 6);
  const [name, cell] = Object.entries(module.cells)[0]!;
  const strange = { ...module, cells: { ...module.cells, [name]: { ...cell, type: "DSP48E1" } } };
  expect((await proveCombinational(core, strange, options)).verdict).toBe("unknown");
  const { [name]: _, ...rest } = module.cells;
  const open = withGenericCells({ ...module, cells: rest }, "xilinx");
  expect((await proveCombinational(core, open, options)).verdict).toBe("refuted");
});

test("logic cells of an iCE40: a flip-flop shares the cell of the LUT that it alone reads", () => {
  const lut = (output: number): YosysModule["cells"][string] => ({
    type: "SB_LUT4",
    connections: { I0: [2], I1: [3], I2: ["0"], I3: ["0"], O: [output] },
  });
  const flipFlop = (input: number, output: number): YosysModule["cells"][string] => ({
    type: "SB_DFF",
    connections: { C: [1], D: [input], Q: [output] },
  });
  const cells = { a: lut(10), b: lut(11), f: flipFlop(10, 20), g: flipFlop(11, 21), h: flipFlop(2, 22) };
  const ports = { o: { direction: "output", bits: [11, 20, 21, 22] } };
  expect(countResources({ ports, cells }).logicCells).toBe(4);
  expect(countResources({ ports, cells })).toMatchObject({ luts: 2, flipFlops: 3 });
});
