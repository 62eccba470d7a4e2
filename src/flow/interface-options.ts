import { cyclesPerSample } from "../../compiler/emit/interface-testbench/bench.js";
import type { InterfaceOptions } from "../../compiler/emit/verilog/interface/interface.js";
import type { Design } from "../../compiler/ir/design.js";
import type { Config } from "../config/schema.js";
import { configuredPipeline } from "./pipeline.js";

/** The configured interface of a design. */
export function interfaceOptions(config: Config, design: Design): InterfaceOptions {
  const plan = configuredPipeline(config, design);
  const { interface: kind, lanes } = config.hardware;
  const core = plan?.coreLatency ?? 0;
  return { kind, lanes, latency: { core, readout: (plan?.latency ?? 0) - core } };
}

/** Test samples that go through the interface in simulation: as many as fit into `simulate.cycles`, at least one. */
export const interfaceSamples = (design: Design, config: Config): number =>
  Math.max(1, Math.floor(config.simulate.cycles / cyclesPerSample(design, interfaceOptions(config, design))));
