import { join } from "node:path";
import { Command } from "commander";
import { UserError } from "../../base/errors.js";
import { decodeDesign } from "../../compiler/model/design-codec.js";
import { loadConfig } from "../config/load.js";
import { csvField } from "../data/csv-table.js";
import { loadSamples } from "../data/load.js";
import { quantiseSamples } from "../data/quantise-samples.js";
import { readFileChecked, writeFileAtomic } from "../flow/files.js";
import { designIn } from "../flow/final-design.js";
import { predictSamples } from "../simulate/predict.js";

const EXAMPLES = `
Examples:
  dbnc predict new.csv --run rtl-out/iris
  dbnc predict t10k-images-idx3-ubyte.gz --run rtl-out/mnist -o classes.csv
  dbnc predict new.csv --run rtl-out/iris --json

The file is an IDX array of images, one of CIFAR-10's binary files, or CSV with the training file's columns (by name when both have a header; a
label column may be there and is passed over). One line a sample, in order: its number and its class.`;

/** `dbnc predict`: classify new samples with the compiled circuit, quantised as the hardware does. */
export function predictCommand(): Command {
  return new Command("predict")
    .description("classify new samples with a run's compiled circuit")
    .argument("<file>", "IDX images, CIFAR-10's .bin, or CSV")
    .requiredOption("--run <folder>", "the run folder, such as rtl-out/iris")
    .option("-o, --output <file>", "write there instead of standard output")
    .option("--json", "an array of class names instead of CSV")
    .addHelpText("after", EXAMPLES)
    .action(async (file: string, options: { run: string; output?: string; json?: boolean }) => {
      const path = designIn(options.run);
      const design = decodeDesign(
        readFileChecked(path, "dbnc build makes it; name a run folder with --run"),
        path,
      );
      const config = loadConfig(join(options.run, "dbnc.yaml"), []);
      const samples = loadSamples(file, design.encoder, config.data);
      if (samples.count === 0)
        throw new UserError("data/empty", `${file}: expected samples but found none`, "check the file");
      const codes = quantiseSamples(design.encoder, samples);
      const classes = await predictSamples(design, codes, samples.count);
      const names = Array.from(classes, (cls) => design.readout.classNames[cls]!);
      const text =
        options.json === true
          ? `${JSON.stringify(names)}\n`
          : `sample,class\n${names.map((name, s) => `${s},${csvField(name)}\n`).join("")}`;
      if (options.output === undefined) process.stdout.write(text);
      else writeFileAtomic(options.output, text);
    });
}
