import { cyclesPerSample } from "../../compiler/emit/interface-testbench/bench.js";
import type { InterfaceOptions } from "../../compiler/emit/verilog/interface/interface.js";
import type { Design } from "../../compiler/ir/design.js";
import type { Config } from "../config/schema.js";

/** The configured interface of a design. */
export const interfaceOptions = ({ hardware }: Config): InterfaceOptions => ({
  kind: hardware.interface,
  lanes: hardware.lanes,
  latency: { core: 0, readout: 0 },
});

/** Test samples that go through the interface in simulation: as many as fit into `simulate.cycles`, at least one. */
export const interfaceSamples = (design: Design, config: Config): number =>
  Math.max(1, Math.floor(config.simulate.cycles / cyclesPerSample(design, interfaceOptions(config))));
