import type { InterfaceOptions } from "../../compiler/emit/verilog/interface/interface.js";
import type { Config } from "../config/schema.js";

/** The configured interface of a design. */
export const interfaceOptions = ({ hardware }: Config): InterfaceOptions => ({
  kind: hardware.interface,
  lanes: hardware.lanes,
  latency: { core: 0, readout: 0 },
});
