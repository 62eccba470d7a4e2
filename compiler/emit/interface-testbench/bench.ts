import type { Design } from "../../ir/design.js";
import { beatsFor, type InterfaceOptions, outermostModule } from "../verilog/interface/interface.js";
import { axisTestbench } from "./axis.js";
import { spiTestbench } from "./spi.js";
import { BENCH_DIVISOR, uartTestbench } from "./uart.js";
import { validTestbench } from "./valid.js";

/** Module of an interface's testbench. */
export const interfaceBench = (name: string, kind: InterfaceOptions["kind"]): string =>
  `${outermostModule(name, kind)}_tb`;

/**
 * The self-checking testbench of an interface, which reads the same vectors as that of the top; null for `parallel`,
 * whose outermost module is the top.
 */
export function emitInterfaceTestbench(
  design: Design,
  name: string,
  comment: readonly string[],
  options: InterfaceOptions,
): string | null {
  const { kind, latency } = options;
  switch (kind) {
    case "parallel":
      return null;
    case "valid":
      return validTestbench(design, name, latency, comment);
    case "axi-stream":
      return axisTestbench(design, name, beatsFor(design, options), comment);
    case "shift":
      return spiTestbench(design, name, beatsFor(design, options), comment);
    case "uart":
      return uartTestbench(design, name, beatsFor(design, options), options.divisor, comment);
  }
}

/** Clock cycles that the testbench takes for a sample, about. @param netlist of the circuit as it is synthesised, rather than of the Verilog. */
export function cyclesPerSample(design: Design, options: InterfaceOptions, netlist = false): number {
  const { count, width } = beatsFor(design, options);
  const bytes = (count * width) / 8;
  const uart = 1.1 * 10 * (netlist ? options.divisor : BENCH_DIVISOR) * bytes;
  return { parallel: 1, valid: 2, "axi-stream": 2 * count, shift: 70 * bytes, uart }[options.kind];
}
