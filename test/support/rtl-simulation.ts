import { join } from "node:path";
import { emitTestbench } from "../../compiler/emit/testbench.js";
import { vectorsText } from "../../compiler/emit/vectors.js";
import { emitVerilog } from "../../compiler/emit/verilog/design.js";
import type { Design } from "../../compiler/ir/design.js";
import { plainStyle } from "../../compiler/map/counter.js";
import type { SimulationOptions } from "../../src/tools/simulators.js";
import { writeIn } from "./folder.js";
import { classesOf } from "./samples.js";

/** Write a design named `dut`, its testbench and vectors of these codes to a folder, ready for a simulator. */
export function rtlSimulation(folder: string, design: Design, codes: Int32Array): SimulationOptions {
  const files = [
    ...emitVerilog(design, "dut", [], plainStyle(6)),
    ["dut_tb.v", emitTestbench(design, "dut", [])] as const,
  ];
  return {
    sources: files.map(([name, text]) => writeIn(folder, name, text)),
    top: "dut_tb",
    vectors: writeIn(folder, "vectors.txt", vectorsText(design, codes, classesOf(design, codes))),
    work: join(folder, "work"),
    seconds: 300,
    signal: new AbortController().signal,
  };
}
