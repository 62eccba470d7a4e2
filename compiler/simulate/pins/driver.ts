import { beatsFor, type InterfaceOptions } from "../../emit/verilog/interface/interface.js";
import type { Design } from "../../ir/design.js";
import type { ClockedCircuit } from "../clocked.js";
import { axisDriver } from "./axis.js";
import type { PinDriver } from "./lanes.js";
import { parallelDriver } from "./parallel.js";
import { spiDriver } from "./spi.js";
import { uartDriver } from "./uart.js";

/** The other side of an interface, from power-up on; samples may then follow each other. */
export function makeDriver(circuit: ClockedCircuit, design: Design, options: InterfaceOptions): PinDriver {
  switch (options.kind) {
    case "parallel":
    case "valid":
      return parallelDriver(circuit, design, options);
    case "axi-stream":
      return axisDriver(circuit, design, beatsFor(design, options));
    case "shift":
      return spiDriver(circuit, design, beatsFor(design, options));
    case "uart":
      return uartDriver(circuit, design, beatsFor(design, options), options.divisor);
  }
}
