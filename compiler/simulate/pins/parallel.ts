import type { InterfaceOptions } from "../../emit/verilog/interface/interface.js";
import { cycles } from "../../emit/verilog/interface/network.js";
import { validLatency } from "../../emit/verilog/interface/valid.js";
import type { Design } from "../../ir/design.js";
import { hardwareWidth } from "../../ir/encoder.js";
import { indexWidth } from "../../ir/readout.js";
import type { ClockedCircuit } from "../clocked.js";
import { mark, NONE, type PinDriver, reset } from "./lanes.js";

/** All features at once, of `parallel` or `valid`; the class comes a fixed number of clock edges later. */
export function parallelDriver(
  circuit: ClockedCircuit,
  { encoder, readout }: Design,
  { kind, latency }: Pick<InterfaceOptions, "kind" | "latency">,
): PinDriver {
  const isValid = kind === "valid";
  const edges = isValid ? validLatency(latency) : cycles(latency);
  if (isValid) {
    circuit.drive("in_valid", 0, 0);
    reset(circuit, "rst_n");
  } else if (edges > 0) circuit.drive("enable", 0, 1);
  return (sample) => {
    let pin = 0;
    for (const [feature, { type }] of encoder.features.entries())
      for (let bit = 0; bit < hardwareWidth(type); bit++)
        circuit.drive("features", pin++, sample(feature, bit));
    const wrong = NONE.slice();
    for (let edge = 0; edge <= edges; edge++) {
      if (isValid) circuit.drive("in_valid", 0, edge === 0 ? 1 : 0);
      circuit.step();
      if (isValid) mark(wrong, circuit.read("out_valid", 0), edge === edges ? 1 : 0);
    }
    const classBits = indexWidth(readout.classNames.length);
    const bits = Array.from({ length: classBits }, (_, b) => circuit.read("class_index", b).slice());
    return { bits, wrong };
  };
}
