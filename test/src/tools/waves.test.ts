import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { recordWaves, type WaveFormat } from "../../../src/tools/waves.js";
import { temporaryFolder } from "../../support/folder.js";
import { testWithTool } from "../../support/native-tool.js";
import { richDesign } from "../../support/random-design.js";
import { rtlSimulation } from "../../support/rtl-simulation.js";
import { randomCodes } from "../../support/samples.js";

const design = richDesign(2);
const codes = randomCodes(design, 50, 5);

async function record(format: WaveFormat, folder: string): Promise<Buffer> {
  const options = { format, file: join(folder, `waves/dut.${format}`), from: 7, samples: 4 };
  expect(await recordWaves("icarus", rtlSimulation(folder, design, codes), options)).toBeNull();
  return readFileSync(options.file);
}

testWithTool("iverilog")("VCD by Icarus shows every net over the samples that were asked for", async () => {
  const text = (await record("vcd", temporaryFolder())).toString();
  for (const net of ["class_index [1:0]", "x0", "y23", "n49"]) expect(text).toContain(` ${net} $end`);
  const times = [...text.matchAll(/^#(\d+)$/gm)].map((match) => Number(match[1]) / 1000);
  expect([times[0], times.at(-1)]).toEqual([7, 11]);
  expect(text).not.toContain("$date");
});

testWithTool("iverilog")("FST by Icarus has the same bytes at another time", async () => {
  const folder = temporaryFolder();
  const first = await record("fst", folder);
  await new Promise((resolve) => setTimeout(resolve, 1100));
  expect((await record("fst", folder)).equals(first)).toBe(true);
});
