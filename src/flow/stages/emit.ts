import { emitInterfaceTestbench, interfaceBench } from "../../../compiler/emit/interface-testbench/bench.js";
import { emitTestbench, vectorsText } from "../../../compiler/emit/testbench.js";
import { describeInterface, emitVerilog } from "../../../compiler/emit/verilog/design.js";
import { emitInterface, outermostModule } from "../../../compiler/emit/verilog/interface/interface.js";
import { describeOutermost } from "../../../compiler/emit/verilog/interface/outermost.js";
import { encodeSamples } from "../../../compiler/ir/encoder.js";
import { findTarget } from "../../../compiler/ir/target.js";
import { readoutStyle } from "../../../compiler/map/counter.js";
import { decodeModel } from "../../../compiler/model/codec.js";
import { decodeDesign } from "../../../compiler/model/design-codec.js";
import type { Config } from "../../config/schema.js";
import { quantiseSamples } from "../../data/quantise-samples.js";
import { predictHard } from "../../train/evaluate.js";
import { fileComment } from "../file-comment.js";
import { finalDesign, finalModel } from "../final-design.js";
import { interfaceOptions } from "../interface-options.js";
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
  summary: "write Verilog, testbench and vectors: rtl/ and tb/",
  after: ["train", "optimize", "prune"],
  inputs: ({ config }) => [finalModel(config), finalDesign(config)],
  options: ({ name, seed, data, hardware }) => ({ name, seed, data, hardware }),
  versions: async () => ({}),
  readsData: true,
  sections: () => null,
  clear: () => {},
  async execute({ config, run, data }) {
    const [modelFile, designFile] = [finalModel(config), finalDesign(config)];
    const model = decodeModel(run.read(modelFile), run.absolute(modelFile));
    const design = decodeDesign(run.read(designFile), run.absolute(designFile));
    const { test } = await data();
    run.remove("rtl");
    run.remove("tb");
    const comment = fileComment(config);
    const style = readoutStyle(findTarget(config.hardware.target));
    const paths = emittedPaths(config.name);
    const options = interfaceOptions(config);
    const modules = new Map([
      ...emitVerilog(design, config.name, comment, style),
      ...emitInterface(design, config.name, comment, options),
    ]);
    const files = new Map([...modules].map(([file, text]) => [`rtl/${file}`, text]));
    const around = modules.get(`${outermostModule(config.name, options.kind)}.v`)!;
    files.set(
      paths.interface,
      describeInterface(design, config.name, describeOutermost(design, config.name, options, around)),
    );
    const codes = quantiseSamples(model.encoder, test);
    const expected = predictHard(model, encodeSamples(model.encoder, codes, test.count), test.count);
    files.set(paths.testbench, emitTestbench(design, config.name, comment));
    const bench = emitInterfaceTestbench(design, config.name, comment, options);
    if (bench !== null) files.set(interfaceBenchFile(config), bench);
    files.set(paths.vectors, vectorsText(design, codes, expected));
    for (const [file, text] of files) run.write(file, text);
    return [...files.keys()];
  },
};
