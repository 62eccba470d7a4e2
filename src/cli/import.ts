import { Command } from "commander";
import { addBuildOptions, type BuildOptions, build } from "./build.js";

const EXAMPLES = `
Examples:
  dbnc import difflogic.safetensors --data ../shared/data/mnist --name difflogic
  dbnc import learned.blif --data ../shared/data/mnist --set encoder.thresholds=[128]
  dbnc import learned.aig --data iris.csv --set encoder.thresholds=[1.5,3,4.5] --set import.order=threshold
  dbnc import difflogic.safetensors --data ../shared/data/mnist --until optimize

FILE is a model file (docs/import.md has the lines of Python that write one from difflogic or torchlogix), or a
circuit as BLIF or AIGER whose outputs vote in equal groups, one a class. From there on it is dbnc build: the network is
optimised, emitted, simulated and proved with the data set that it was trained on.`;

/** `dbnc import`: compile a network that was trained elsewhere. */
export function importCommand(): Command {
  const command = new Command("import")
    .description("compile a network trained elsewhere (model file, BLIF, AIGER)")
    .argument("<FILE>", "the network");
  addBuildOptions(command).addHelpText("after", EXAMPLES);
  return command.action((file: string, options: BuildOptions) =>
    build(options, [{ key: "import.file", value: file, from: "FILE" }]),
  );
}
