import { NETLIST_MACRO } from "../../../compiler/emit/interface-testbench/uart.js";
import { parseVectors } from "../../../compiler/emit/vectors.js";
import type { Design } from "../../../compiler/ir/design.js";
import { findTarget } from "../../../compiler/ir/target.js";
import type { YosysModule } from "../../../compiler/read/yosys-json.js";
import type { SimulationRecord } from "../../report/schema.js";
import { samplesThroughPins } from "../../simulate/through-pins.js";
import { isInstalled, simulateRtl } from "../../tools/simulators.js";
import { interfaceOptions } from "../interface-options.js";
import { simulationOf, topBench } from "../rtl-simulation.js";
import type { StageContext } from "../stage.js";
import { emittedPaths } from "../stages/emit.js";
import { benchOfInterface, VERDICT } from "../stages/simulate.js";
import { cellModels } from "./models.js";
import { synthPaths } from "./paths.js";
import type { Top } from "./top.js";

const WORK = ".work-synth";

/**
 * Every test sample through the pins of a netlist, as it is: at its own baud rate, one after another, in the WebAssembly
 * interpreter. Cells are read as the proof reads them; the simulator's run has an opinion of its own on them.
 *
 * @param circuit with plain flip-flops.
 */
export async function testSetThroughPins(
  { config, run, signal }: StageContext,
  design: Design,
  top: Top,
  circuit: YosysModule,
): Promise<SimulationRecord> {
  const vectors = parseVectors(design, run.readText(emittedPaths(config.name).vectors));
  const options = interfaceOptions(config, design);
  const through = options.kind === "parallel" ? {} : { interface: options.kind };
  const record = { engine: "netlist", ...through, samples: 0, mismatches: 0 } as const;
  if (vectors === null) return { ...record, verdict: "refuted", reason: "the vector file is cut" };
  const { expected } = vectors;
  const pins = { circuit, clock: top.clock, design, options, ...vectors };
  const result = await samplesThroughPins(pins, signal);
  if ("fault" in result) return { ...record, verdict: "unknown", reason: result.fault };
  const { mismatches } = result;
  const verdict = mismatches === 0 ? "agreed" : "refuted";
  return { ...record, samples: expected.length, mismatches, verdict, reason: "" };
}

/**
 * Test samples through the synthesised netlist in Icarus, its cells as Yosys's simulation models have them: an opinion on
 * the cells that shares nothing with the proof. All of them through a bare netlist; through an interface those that fit
 * a tenth of `simulate.cycles` at the netlist's own baud rate.
 *
 * @param cells types of its cells.
 */
export async function simulateSynthesised(
  context: StageContext,
  design: Design,
  cells: readonly string[],
): Promise<SimulationRecord> {
  const { config, run } = context;
  const skipped = (reason: string): SimulationRecord => ({
    engine: "icarus",
    samples: 0,
    mismatches: 0,
    verdict: "skipped",
    reason,
  });
  if (!isInstalled("icarus")) return skipped("icarus is not installed");
  const bench =
    config.hardware.interface === "parallel" ? topBench(context) : benchOfInterface(context, design, true);
  const models = `${WORK}/models.v`;
  run.write(models, await cellModels(findTarget(config.hardware.target), cells, config.verify.native));
  try {
    const options = simulationOf("icarus", context, bench);
    const sources = [models, synthPaths(config.name).verilog, bench.testbench].map(run.absolute);
    const { verdict, samples, mismatches, reason } = await simulateRtl("icarus", {
      ...options,
      sources,
      compilerArguments: [`-D${NETLIST_MACRO}`],
    });
    return { engine: "icarus", ...bench.through, samples, mismatches, verdict: VERDICT[verdict], reason };
  } finally {
    run.remove(WORK);
  }
}
