import type { Beats } from "../../emit/verilog/interface/beats.js";
import type { Design } from "../../ir/design.js";
import { indexWidth } from "../../ir/readout.js";
import type { ClockedCircuit } from "../clocked.js";
import { ALL, beatBit, isAll, mark, NONE, type PinDriver, reset } from "./lanes.js";

/** Cycles without a beat taken, or without a result, after which the circuit has failed. */
const PATIENCE = 2000;

/** A master that never pauses, and a slave that never stalls. */
export function axisDriver(circuit: ClockedCircuit, design: Design, beats: Beats): PinDriver {
  const classBits = indexWidth(design.readout.classNames.length);
  circuit.drive("s_axis_tvalid", 0, 0);
  circuit.drive("m_axis_tready", 0, 1);
  reset(circuit, "aresetn");
  /** Steps until the output is high in every lane; false when it never is. */
  const until = (port: string): boolean => {
    for (let cycle = 0; cycle < PATIENCE; cycle++) {
      circuit.step();
      if (isAll(circuit.read(port, 0))) return true;
    }
    return false;
  };
  return (sample) => {
    circuit.drive("s_axis_tvalid", 0, 1);
    for (let beat = 0; beat < beats.count; beat++) {
      circuit.drive("s_axis_tlast", 0, beat === beats.count - 1 ? 1 : 0);
      for (let bit = 0; bit < beats.lanes * beats.width; bit++)
        circuit.drive("s_axis_tdata", bit, beatBit(design, beats, sample, beat, bit));
      if (!until("s_axis_tready")) return { bits: [], wrong: ALL };
    }
    circuit.drive("s_axis_tvalid", 0, 0);
    if (!until("m_axis_tvalid")) return { bits: [], wrong: ALL };
    const wrong = NONE.slice();
    mark(wrong, circuit.read("m_axis_tuser", 0));
    mark(wrong, circuit.read("m_axis_tlast", 0), 1);
    const bits = Array.from({ length: classBits }, (_, bit) => circuit.read("m_axis_tdata", bit).slice());
    return { bits, wrong };
  };
}
