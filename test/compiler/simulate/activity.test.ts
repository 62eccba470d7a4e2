import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Random } from "../../../base/random.js";
import { emitSaif } from "../../../compiler/emit/saif.js";
import { gateCount, liveGates, nodeCount } from "../../../compiler/ir/netlist.js";
import { plainStyle } from "../../../compiler/map/counter.js";
import { buildReadout } from "../../../compiler/map/readout-circuit.js";
import { nodeActivity } from "../../../compiler/simulate/activity.js";
import { simulateNodes } from "../../../compiler/simulate/bit-parallel.js";
import { designActivity } from "../../../compiler/simulate/design-activity.js";
import { recordWaves } from "../../../src/tools/waves.js";
import { temporaryFolder } from "../../support/folder.js";
import { testWithTool } from "../../support/native-tool.js";
import { randomDesign, richDesign, seeds } from "../../support/random-design.js";
import { rtlSimulation } from "../../support/rtl-simulation.js";
import { randomCodes } from "../../support/samples.js";
import { type Counts, countsOfSaif, countsOfVcd } from "../../support/switching-counts.js";

test.each(seeds(6))("counts are those of one sample after the other (seed %i)", (seed) => {
  const { core } = randomDesign(seed, { inputs: 9, gates: 60, outputs: 4 });
  const random = new Random(seed);
  const samples = 1 + random.below(1200);
  const words = Math.ceil(samples / 32);
  const rows = Array.from({ length: 9 }, () => Uint32Array.from({ length: words }, () => random.uint32()));
  const { ones, toggles } = nodeActivity(core, rows, samples);
  const values = simulateNodes(core, rows, words);
  for (let node = 0; node < nodeCount(core); node++) {
    const bits = Array.from(
      { length: samples },
      (_, s) => (values[node * words + (s >>> 5)]! >>> (s & 31)) & 1,
    );
    const changes = bits.filter((bit, s) => s > 0 && bit !== bits[s - 1]).length;
    const high = bits.filter((bit) => bit === 1).length;
    expect([node, ones[node], toggles[node]]).toEqual([node, high, changes]);
  }
});

/** Nearly all of its gates are live, so that they take two modules. */
function splitDesign() {
  const design = randomDesign(5, { inputs: 30, gates: 9000, outputs: 320, classes: 4 });
  expect(liveGates(design.core).reduce((sum, live) => sum + live, 0)).toBeGreaterThan(2000);
  return design;
}

testWithTool("iverilog").each([
  ["every kind of feature", () => richDesign(4)],
  ["a core of several modules", splitDesign],
])("SAIF says of every net what a VCD file by Icarus does: %s", async (_, make) => {
  const design = make();
  const samples = 150;
  const codes = randomCodes(design, samples, 8);
  const folder = temporaryFolder();
  const file = join(folder, "dut.vcd");
  const simulation = rtlSimulation(folder, design, codes);
  expect(await recordWaves("icarus", simulation, { format: "vcd", file, from: 0, samples })).toBeNull();
  const seen = countsOfVcd(readFileSync(file, "utf8"), samples);
  const circuit = buildReadout(design.readout, plainStyle(6));
  const saif = emitSaif(design, "dut", designActivity(design, circuit, codes, samples), "0.0.0");
  expect(saif).toContain(`(DURATION ${samples})`);
  const times = [...saif.matchAll(/\(T0 (\d+)\) \(T1 (\d+)\) \(TX 0\)/g)];
  expect(times.every(([, low, high]) => Number(low) + Number(high) === samples)).toBe(true);
  const told = countsOfSaif(saif);
  expect(times).toHaveLength(told.size);
  const differ = ([path, { ones, toggles }]: [string, Counts]): boolean =>
    seen.get(path)?.ones !== ones || seen.get(path)?.toggles !== toggles;
  expect([...told].filter(differ)).toEqual([]);
  // Inside the cells of the readout, only the power tool knows what the nets are.
  const covered = /^dut_tb\/dut\/([^/]+|encoder\/[^/]+|core\/.*|readout\/[^/]+)$/;
  const inside = [...seen.keys()].filter((path) => covered.test(path) && !path.endsWith("/unused_features"));
  expect(inside.filter((path) => !told.has(path))).toEqual([]);
  const split = [...told.keys()].some((path) => path.includes("/core/p1/"));
  expect(split).toBe(gateCount(design.core) > 2000);
});
