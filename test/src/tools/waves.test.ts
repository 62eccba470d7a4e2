import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { recordWaves, type WaveFormat } from "../../../src/tools/waves.js";
import { temporaryFolder } from "../../support/folder.js";
import { testWithTool } from "../../support/native-tool.js";
import { richDesign } from "../../support/random-design.js";
import { interfaceSimulation, rtlSimulation } from "../../support/rtl-simulation.js";
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

/** Values of the testbench's counter in a VCD file: samples sent, the one being sent among them. */
function sampleNumbers(text: string): number[] {
  const code = /\$var integer 32 (\S+) samples /.exec(text)![1]!;
  return text
    .split("\n")
    .flatMap((line) =>
      line.startsWith("b") && line.endsWith(` ${code}`) ? [line.slice(1).split(" ")[0]!] : [],
    )
    .map((bits) => Number.parseInt(bits, 2));
}

testWithTool("iverilog").each(["valid", "axi-stream", "shift", "uart"] as const)(
  "VCD through the interface %s shows the samples that were asked for",
  async (kind) => {
    const folder = temporaryFolder();
    const options = { kind, lanes: 1, latency: { core: 0, readout: 0 }, divisor: 104 };
    const file = join(folder, "dut.vcd");
    const simulation = interfaceSimulation(folder, design, codes, options);
    expect(await recordWaves("icarus", simulation, { format: "vcd", file, from: 7, samples: 4 })).toBeNull();
    const text = readFileSync(file, "utf8");
    const pin = { valid: "out_valid", "axi-stream": "m_axis_tready", shift: "miso", uart: "tx" }[kind];
    for (const net of [pin, "y23", "read_class [1:0]"]) expect(text).toContain(` ${net} $end`);
    expect(sampleNumbers(text)).toEqual([8, 9, 10, 11]);
  },
);

testWithTool("iverilog")("FST by Icarus has the same bytes at another time", async () => {
  const folder = temporaryFolder();
  const first = await record("fst", folder);
  await new Promise((resolve) => setTimeout(resolve, 1100));
  expect((await record("fst", folder)).equals(first)).toBe(true);
});
