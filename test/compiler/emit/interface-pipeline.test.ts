import { expect } from "vitest";
import { resolveConfig } from "../../../src/config/load.js";
import { interfaceOptions } from "../../../src/flow/interface-options.js";
import { configuredPipeline } from "../../../src/flow/pipeline.js";
import { simulateRtl } from "../../../src/tools/simulators.js";
import { temporaryFolder } from "../../support/folder.js";
import { testWithTool } from "../../support/native-tool.js";
import { randomDesign } from "../../support/random-design.js";
import { interfaceSimulation } from "../../support/rtl-simulation.js";
import { randomCodes } from "../../support/samples.js";

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
  const samples = kind === "shift" || kind === "uart" ? 10 : 60;
  const codes = randomCodes(design, samples, 7);
  const plan = configuredPipeline(config, design);
  const simulation = interfaceSimulation(temporaryFolder(), design, codes, options, { plan });
  const result = await simulateRtl("icarus", simulation);
  expect(result).toMatchObject({ verdict: "pass", samples, mismatches: 0, reason: "" });
});
