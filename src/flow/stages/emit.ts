import { emitInterfaceTestbench, interfaceBench } from "../../../compiler/emit/interface-testbench/bench.js";
import { emitTestbench } from "../../../compiler/emit/testbench.js";
import { vectorsText } from "../../../compiler/emit/vectors.js";
import { describeInterface, emitVerilog } from "../../../compiler/emit/verilog/design.js";
import { emitInterface, outermostModule } from "../../../compiler/emit/verilog/interface/interface.js";
import { cycles } from "../../../compiler/emit/verilog/interface/network.js";
import { describeOutermost } from "../../../compiler/emit/verilog/interface/outermost.js";
import { moduleNames } from "../../../compiler/emit/verilog/names.js";
import type { Design } from "../../../compiler/ir/design.js";
import { encodeSamples } from "../../../compiler/ir/encoder.js";
import { decodeModel } from "../../../compiler/model/codec.js";
import { decodeDesign } from "../../../compiler/model/design-codec.js";
import type { Config } from "../../config/schema.js";
import { quantiseSamples } from "../../data/quantise-samples.js";
import { yosysVersion } from "../../tools/yosys.js";
import { predictHard } from "../../train/evaluate.js";
import { VERSION } from "../../version.js";
import { emittedStyle, isClocked } from "../emitted-style.js";
import { hashedComment } from "../file-comment.js";
import { finalDesign, finalModel } from "../final-design.js";
import { type HandOver, handOverFiles } from "../hand-over/package.js";
import { hardwareCost } from "../hardware-cost.js";
import { interfaceOptions, interfaceSamples, uartDivisor } from "../interface-options.js";
import { configuredLatency, configuredPipeline } from "../pipeline.js";
import type { RunFolder } from "../run-folder.js";
import type { Stage } from "../stage.js";

/** Paths of what is emitted, by configuration name. */
export const emittedPaths = (name: string) => {
  const base = name.replaceAll("-", "_");
  return {
    interface: `rtl/${base}_interface.json`,
    testbench: `tb/${base}_tb.v`,
    vectors: `tb/${base}_vectors.txt`,
  };
};

/** The testbench of the interface, where it has one. */
export const interfaceBenchFile = ({ name, hardware }: Config): string =>
  `tb/${interfaceBench(name, hardware.interface)}.v`;

/** Emitted Verilog files of the design, in the order in which a tool may read them. */
export const rtlFiles = (run: RunFolder): string[] => run.list("rtl").filter((file) => file.endsWith(".v"));

/**
 * Write the Verilog and its testbench. The vectors' inputs come from the data set, their expected classes from the
 * trainer's evaluator of the model file: nothing in them went through the netlist.
 */
export const emitStage: Stage = {
  name: "emit",
  summary: "write Verilog, testbench, vectors and what other tools take them by: rtl/, tb/, c/ and Makefile",
  after: ["train", "optimize", "prune"],
  inputs: ({ config }) => [finalModel(config), finalDesign(config)],
  options: ({ name, seed, data, hardware, synth, simulate }) => ({
    name,
    seed,
    data,
    hardware,
    handover: synth.handover,
    cycles: simulate.cycles,
  }),
  check({ config }) {
    if (config.hardware.interface === "uart") uartDivisor(config);
  },
  versions: async ({ config }): Promise<Record<string, string>> =>
    isClocked(config) ? { yosys: await yosysVersion(config.verify.native) } : {},
  readsData: true,
  sections: ({ hardware }) => hardware,
  clear(report) {
    report.hardware = null;
  },
  async execute(context) {
    const { config, run, data, report } = context;
    const [modelFile, designFile] = [finalModel(config), finalDesign(config)];
    const model = decodeModel(run.read(modelFile), run.absolute(modelFile));
    const design = decodeDesign(run.read(designFile), run.absolute(designFile));
    const { test } = await data();
    for (const folder of ["rtl", "tb", "c"]) run.remove(folder);
    const comment = hashedComment(config, run, [modelFile, designFile]);
    const codes = quantiseSamples(model.encoder, test);
    const expected = predictHard(model, encodeSamples(model.encoder, codes, test.count), test.count);
    const files = new Map([
      ...circuitFiles(design, config, comment),
      ...benchFiles(design, config, comment),
      [emittedPaths(config.name).vectors, vectorsText(design, codes, expected)],
    ]);
    const rtl = [...files.keys()].filter((file) => file.startsWith("rtl/") && file.endsWith(".v"));
    for (const [file, text] of handOverFiles(design, config.name, handOver(design, config, comment, rtl)))
      files.set(file, text);
    for (const [file, text] of files) run.write(file, text);
    const sources = new Map(rtl.map((file) => [file.replace("rtl/", ""), files.get(file)!]));
    report.hardware = await hardwareCost(context, sources, configuredLatency(config, design));
    return [...files.keys()];
  },
};

/** Verilog and the description of its pins. */
function circuitFiles(design: Design, config: Config, comment: readonly string[]): Map<string, string> {
  const options = interfaceOptions(config, design);
  const style = emittedStyle(config, design);
  const modules = new Map([
    ...emitVerilog(design, config.name, comment, style, configuredPipeline(config, design)),
    ...emitInterface(design, config.name, comment, options),
  ]);
  const outermost = modules.get(`${outermostModule(config.name, options.kind)}.v`)!;
  const pins = describeOutermost(design, config.name, options, outermost);
  return new Map([
    ...[...modules].map(([file, text]): [string, string] => [`rtl/${file}`, text]),
    [emittedPaths(config.name).interface, describeInterface(design, config.name, pins, comment)],
  ]);
}

function benchFiles(design: Design, config: Config, comment: readonly string[]): Map<string, string> {
  const latency = configuredLatency(config, design);
  const testbench = emitTestbench(design, config.name, comment, latency);
  const files = new Map([[emittedPaths(config.name).testbench, testbench]]);
  const bench = emitInterfaceTestbench(design, config.name, comment, interfaceOptions(config, design));
  if (bench !== null) files.set(interfaceBenchFile(config), bench);
  return files;
}

function handOver(
  design: Design,
  config: Config,
  comment: readonly string[],
  rtl: readonly string[],
): HandOver {
  const { name, hardware } = config;
  const names = moduleNames(name);
  const isBare = hardware.interface === "parallel";
  return {
    base: names.base,
    comment,
    version: VERSION,
    rtl,
    outermost: outermostModule(name, hardware.interface),
    bench: isBare
      ? { file: emittedPaths(name).testbench, module: names.testbench }
      : { file: interfaceBenchFile(config), module: interfaceBench(name, hardware.interface) },
    vectors: emittedPaths(name).vectors,
    samples: isBare ? null : interfaceSamples(design, config),
    latency: cycles(interfaceOptions(config, design).latency),
  };
}
