import { join } from "node:path";
import { emitInterfaceTestbench, interfaceBench } from "../../compiler/emit/interface-testbench/bench.js";
import { emitTestbench } from "../../compiler/emit/testbench.js";
import { vectorsText } from "../../compiler/emit/vectors.js";
import { emitVerilog } from "../../compiler/emit/verilog/design.js";
import { emitInterface, type InterfaceOptions } from "../../compiler/emit/verilog/interface/interface.js";
import type { Design } from "../../compiler/ir/design.js";
import { plainStyle } from "../../compiler/map/counter.js";
import type { PipelinePlan } from "../../compiler/pipeline/plan.js";
import type { SimulationOptions } from "../../src/tools/simulators.js";
import { writeIn } from "./folder.js";
import { classesOf } from "./samples.js";

type Change = (file: string, text: string) => string;

/** Write Verilog, testbench and vectors of these codes to a folder, ready for a simulator. */
function written(
  folder: string,
  design: Design,
  codes: Int32Array,
  texts: Iterable<readonly [file: string, text: string]>,
): Omit<SimulationOptions, "top"> {
  return {
    sources: [...texts].map(([name, text]) => writeIn(folder, name, text)),
    vectors: writeIn(folder, "vectors.txt", vectorsText(design, codes, classesOf(design, codes))),
    work: join(folder, "work"),
    seconds: 300,
    signal: new AbortController().signal,
  };
}

/** The top of a design named `dut`. */
export function rtlSimulation(folder: string, design: Design, codes: Int32Array): SimulationOptions {
  const texts = [
    ...emitVerilog(design, "dut", [], plainStyle(6)),
    ["dut_tb.v", emitTestbench(design, "dut", [])] as const,
  ];
  return { ...written(folder, design, codes, texts), top: "dut_tb" };
}

/** The same through an interface, each file of the circuit changed. */
export function interfaceSimulation(
  folder: string,
  design: Design,
  codes: Int32Array,
  options: InterfaceOptions,
  { change = (_file, text) => text, plan = null }: { change?: Change; plan?: PipelinePlan | null } = {},
): SimulationOptions {
  const circuit = [
    ...emitVerilog(design, "dut", [], plainStyle(6), plan),
    ...emitInterface(design, "dut", [], options),
  ].map(([name, text]) => [name, change(name, text)] as const);
  const texts = [...circuit, ["tb.v", emitInterfaceTestbench(design, "dut", [], options)!] as const];
  return {
    ...written(folder, design, codes, texts),
    top: interfaceBench("dut", options.kind),
    arguments: ["+seed=5"],
  };
}
