import { join } from "node:path";
import { expect } from "vitest";
import { emitInterfaceTestbench, interfaceBench } from "../../../compiler/emit/interface-testbench/bench.js";
import { vectorsText } from "../../../compiler/emit/vectors.js";
import { emitVerilog } from "../../../compiler/emit/verilog/design.js";
import { emitInterface } from "../../../compiler/emit/verilog/interface/interface.js";
import { plainStyle } from "../../../compiler/map/counter.js";
import { resolveConfig } from "../../../src/config/load.js";
import { interfaceOptions } from "../../../src/flow/interface-options.js";
import { configuredPipeline } from "../../../src/flow/pipeline.js";
import { simulateRtl } from "../../../src/tools/simulators.js";
import { temporaryFolder, writeIn } from "../../support/folder.js";
import { testWithTool } from "../../support/native-tool.js";
import { randomDesign } from "../../support/random-design.js";
import { classesOf, randomCodes } from "../../support/samples.js";

const design = randomDesign(3, { inputs: 60, gates: 300, outputs: 60, classes: 6 });

testWithTool("iverilog").each([
  ["valid", 1],
  ["valid", 4],
  ["axi-stream", 1],
  ["axi-stream", 4],
  ["shift", 4],
  ["uart", 4],
] as const)("%s with a pipeline of %i stages answers every sample", async (kind, stages) => {
  const tree = { name: "dut", hardware: { interface: kind, pipeline: stages, lanes: 3 } };
  const config = resolveConfig(tree, [], "test");
  const options = interfaceOptions(config, design);
  expect(options.latency.core + options.latency.readout).toBe(stages);
  const folder = temporaryFolder();
  const sources = [
    ...emitVerilog(design, "dut", [], plainStyle(6), configuredPipeline(config, design)),
    ...emitInterface(design, "dut", [], options),
    ["tb.v", emitInterfaceTestbench(design, "dut", [], options)!] as const,
  ].map(([name, text]) => writeIn(folder, name, text));
  const samples = kind === "shift" || kind === "uart" ? 10 : 60;
  const codes = randomCodes(design, samples, 7);
  const result = await simulateRtl("icarus", {
    sources,
    top: interfaceBench("dut", kind),
    vectors: writeIn(folder, "vectors.txt", vectorsText(design, codes, classesOf(design, codes))),
    work: join(folder, "work"),
    arguments: ["+seed=5"],
    seconds: 300,
    signal: new AbortController().signal,
  });
  expect(result).toMatchObject({ verdict: "pass", samples, mismatches: 0, reason: "" });
});
