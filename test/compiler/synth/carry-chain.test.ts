import { expect, test } from "vitest";
import { Random } from "../../../base/random.js";
import { trainedLikeDesign } from "../../../bench/simulate/workload.js";
import type { Design } from "../../../compiler/ir/design.js";
import { featureOffsets } from "../../../compiler/ir/encoder.js";
import { groupSumReadout } from "../../../compiler/ir/readout.js";
import { findTarget } from "../../../compiler/ir/target.js";
import { plainStyle } from "../../../compiler/map/counter.js";
import { designNetlist } from "../../../compiler/map/design-netlist.js";
import { mapLuts } from "../../../compiler/map/map-luts.js";
import { buildReadout } from "../../../compiler/map/readout-circuit.js";
import { cutReadoutNetlist, readoutNetlist } from "../../../compiler/map/readout-netlist.js";
import { voteKinds } from "../../../compiler/map/vote-kinds.js";
import type { YosysModule } from "../../../compiler/read/yosys-json.js";
import { withGenericCells } from "../../../compiler/synth/generic-cells.js";
import { mapDesign } from "../../../compiler/synth/map-design.js";
import { mappedModule } from "../../../compiler/synth/mapped-module.js";
import { proveCombinational } from "../../../compiler/synth/prove-synthesised.js";
import { countResources } from "../../../compiler/synth/resources.js";
import { createCdclSolver } from "../../../sat/cdcl/solver.js";
import { randomDesign, seeds } from "../../support/random-design.js";

const options = { createSolver: createCdclSolver, seed: 1 };
const XILINX = { lutInputs: 6, carry: "lut" } as const;

/** A design with three classes of twelve votes, some of them complemented, some of weight 2. */
function voting(seed: number): Design {
  const random = new Random(seed);
  const design = randomDesign(seed, { inputs: 12, gates: 90, outputs: 36 });
  const readout = {
    ...groupSumReadout(["a", "b", "c"], 36),
    weight: Int32Array.from(
      { length: 36 },
      () => (1 + Number(random.below(5) === 0)) * (random.below(4) === 0 ? -1 : 1),
    ),
  };
  return { ...design, readout };
}

function mapped(design: Design): YosysModule {
  const { netlist, chains } = cutReadoutNetlist(buildReadout(design.readout, XILINX, voteKinds(design, 6)));
  const width = featureOffsets(design.encoder).at(-1)!;
  const luts = mapLuts(designNetlist(design, netlist), { k: 6 });
  return mappedModule(luts, "xilinx", new Map([["features", width]]), new Map([["class_index", 2]]), chains);
}

/** The same design, its readout of LUTs alone. */
const expected = (design: Design) =>
  designNetlist(design, readoutNetlist(buildReadout(design.readout, plainStyle(6))));

test.each(seeds(12))("LUTs and carry chains compute the design (seed %i)", async (seed) => {
  const design = voting(seed);
  const module = mapped(design);
  const { luts, carries } = countResources(module);
  expect([luts > 0, carries > 0]).toEqual([true, true]);
  const verdict = await proveCombinational(expected(design), withGenericCells(module, "xilinx"), options);
  expect(verdict).toMatchObject({ verdict: "proved" });
});

test.each(["DI", "S", "CYINIT", "O"])("another net at a chain's %s is refuted", async (pin) => {
  const design = voting(3);
  const module = mapped(design);
  const other = Object.values(module.ports)[0]!.bits[0]!;
  const verdicts = await Promise.all(
    Object.entries(module.cells)
      .filter(([, { type }]) => type === "CARRY4")
      .map(async ([name, cell]) => {
        const bits = [...cell.connections[pin]!];
        // Of outputs, two change places.
        if (pin === "O") bits.splice(0, 2, bits[1]!, bits[0]!);
        else bits[0] = bits[0] === other ? "1" : other;
        const broken = { ...cell, connections: { ...cell.connections, [pin]: bits } };
        const cells = { ...module.cells, [name]: broken };
        const found = withGenericCells({ ...module, cells }, "xilinx");
        return (await proveCombinational(expected(design), found, options)).verdict;
      }),
  );
  expect(verdicts.filter((verdict) => verdict === "refuted").length).toBeGreaterThan(verdicts.length / 2);
});

test("popcounts whose high bits look constant are proved, with hardly a conflict", async () => {
  const design = trainedLikeDesign(8000);
  const { module, readout } = mapDesign(design, findTarget("xilinx:7"));
  const right = designNetlist(design, readoutNetlist(readout));
  const found = withGenericCells(module, "xilinx");
  const verdict = await proveCombinational(right, found, { ...options, conflictBudget: 100 });
  expect(verdict).toMatchObject({ verdict: "proved" });
}, 60_000);
