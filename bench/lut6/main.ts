/**
 * `npm run bench:lut6 -- <run folder> …`: LUTs of whole designs, encoder, core and readout, that were synthesised for Xilinx,
 * as Yosys counts them, beside what is published. Prints the Yosys command.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { count, percent } from "../../base/format.js";
import { usedInputs } from "../../compiler/emit/verilog/core.js";
import type { Design } from "../../compiler/ir/design.js";
import { lutCount } from "../../compiler/ir/lut-netlist.js";
import { findTarget } from "../../compiler/ir/target.js";
import { readoutStyle } from "../../compiler/map/counter.js";
import { mapLuts } from "../../compiler/map/map-luts.js";
import { buildReadout } from "../../compiler/map/readout-circuit.js";
import { cutReadoutNetlist } from "../../compiler/map/readout-netlist.js";
import { decodeDesign } from "../../compiler/model/design-codec.js";
import { moduleNamed, parseYosysJson } from "../../compiler/read/yosys-json.js";
import { countResources, type Resources } from "../../compiler/synth/resources.js";
import { encoderSpecification } from "../../compiler/verify/encoder-specification.js";
import { loadConfig } from "../../src/config/load.js";
import { designIn } from "../../src/flow/final-design.js";
import { median } from "../../src/flow/median.js";
import { synthPaths } from "../../src/flow/synth/paths.js";
import { ReportSchema } from "../../src/report/schema.js";
import { findTool } from "../../src/tools/find-tool.js";
import { runYosys } from "../../src/tools/yosys.js";

/** MNIST by a weightless network of 6-input LUTs (Bacellar et al., "Differentiable Weightless Neural Networks", ICML 2024), encoder included. */
const PUBLISHED = { luts: 2246, accuracy: 0.977 };
const NETLIST = "netlist.json";
const native = findTool("yosys") !== null;

/** What Yosys counts in the netlist. LUTs and carry chains are cells of the family already, and stay what they are. */
async function synthesised(verilog: string, top: string): Promise<Resources> {
  const script = `synth_xilinx -family xc7 -flatten -nobram -nolutram -nosrl -nodsp -noiopad -noclkbuf -top ${top}`;
  console.log(`  yosys -p "read_verilog ${verilog}; ${script}; stat"`);
  const files = { "design.v": readFileSync(verilog, "utf8") };
  const commands = `read_verilog design.v; ${script}; write_json ${NETLIST}`;
  const answer = await runYosys(
    { files, script: commands, outputs: [NETLIST] },
    { native, signal: new AbortController().signal },
  );
  if ("error" in answer) throw new Error(answer.error);
  return countResources(moduleNamed(parseYosysJson(answer.outputs[NETLIST]!), top));
}

/** LUTs of the parts, each mapped on its own: together they are more than the whole, where LUTs reach across. */
function parts({ encoder, core, readout }: Design): string {
  const style = readoutStyle(findTarget("xilinx:7"));
  const netlists = {
    encoder: encoderSpecification(encoder, usedInputs(core)),
    core,
    readout: cutReadoutNetlist(buildReadout(readout, style)).netlist,
  };
  return Object.entries(netlists)
    .map(([name, netlist]) => `${name} ${count(lutCount(mapLuts(netlist, { k: 6 })))}`)
    .join(", ");
}

async function measure(folder: string): Promise<{ luts: number; test: number }> {
  const { name } = loadConfig(join(folder, "dbnc.yaml"), []);
  const report = ReportSchema.parse(JSON.parse(readFileSync(join(folder, "report.json"), "utf8")));
  const { accuracy, synthesis } = report;
  const verilog = join(folder, synthPaths(name).verilog);
  if (accuracy === null || synthesis === null || !existsSync(verilog))
    throw new Error(`${folder}: expected a run that is synthesised; build it with --target xilinx:7`);
  const { test, validation } =
    report.pruning === null ? accuracy : { ...report.pruning, validation: report.pruning.validation.after };
  console.log(`${folder}: ${percent(test)} test, ${percent(validation)} validation`);
  const { mismatches, samples } = synthesis.testSet ?? synthesis.simulation;
  console.log(
    `  netlist ${synthesis.verdict}; ${count(samples)} samples through it, ${mismatches} mismatches`,
  );
  const { luts, lutSizes, carries, muxes, memories, multipliers } = await synthesised(verilog, synthesis.top);
  console.log(`  ${count(luts)} LUTs, by inputs ${lutSizes.map((n, k) => `${k + 1}: ${n}`).join(", ")}`);
  console.log(
    `  not counted, as in what is published: ${carries} CARRY4; ${muxes} MUXF7, ${memories} memories, ${multipliers} multipliers`,
  );
  const path = designIn(folder);
  console.log(`  parts, each on its own: ${parts(decodeDesign(readFileSync(path), path))}`);
  return { luts, test };
}

const runs = [];
for (const folder of process.argv.slice(2)) runs.push(await measure(folder));
if (runs.length === 0) throw new Error("expected run folders, such as rtl-out/mnist-lut6");
const most = Math.max(...runs.map(({ luts }) => luts));
console.log(
  `${runs.length} runs: median ${percent(median(runs.map(({ test }) => test)))} test, at most ${count(most)} LUTs; published ${percent(PUBLISHED.accuracy)}, ${count(PUBLISHED.luts)}`,
);
