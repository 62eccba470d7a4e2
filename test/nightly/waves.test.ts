import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { recordWaves } from "../../src/tools/waves.js";
import { temporaryFolder } from "../support/folder.js";
import { testWithTool } from "../support/native-tool.js";
import { richDesign } from "../support/random-design.js";
import { rtlSimulation } from "../support/rtl-simulation.js";
import { randomCodes } from "../support/samples.js";

testWithTool("verilator").each(["vcd", "fst"] as const)("waves by Verilator: %s", async (format) => {
  const folder = temporaryFolder();
  const design = richDesign(2);
  const file = join(folder, `dut.${format}`);
  const simulation = rtlSimulation(folder, design, randomCodes(design, 50, 5));
  expect(await recordWaves("verilator", simulation, { format, file, from: 7, samples: 4 })).toBeNull();
  const bytes = readFileSync(file);
  if (format === "vcd") expect(bytes.toString()).toContain(" y23 $end");
  expect(bytes.length).toBeGreaterThan(500);
});
