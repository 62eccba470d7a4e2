import { join } from "node:path";
import { Command } from "commander";
import { encodeModel } from "../../compiler/model/codec.js";
import { decodeDesign } from "../../compiler/model/design-codec.js";
import { thaw } from "../../compiler/model/thaw.js";
import { readFileChecked, writeFileAtomic } from "../flow/files.js";
import { DESIGN } from "../flow/stages/optimize.js";

const EXAMPLES = `
Examples:
  dbnc export --run rtl-out/demo --torch demo.safetensors
  dbnc import demo.safetensors                      and back again

The file is a model file with one candidate a wire: one layer for each level of the optimised circuit. docs/import.md has
the lines of Python that load it as a PyTorch module with the same predictions.`;

/** `dbnc export`: the compiled network for other programs. */
export function exportCommand(): Command {
  return new Command("export")
    .description("write a run's compiled network as weights for PyTorch")
    .requiredOption("--run <folder>", "the run folder, such as rtl-out/demo")
    .requiredOption("--torch <file>", "where to write the weights (safetensors)")
    .addHelpText("after", EXAMPLES)
    .action(({ run, torch }: { run: string; torch: string }) => {
      const path = join(run, DESIGN);
      const design = decodeDesign(readFileChecked(path, "dbnc build makes it"), path);
      writeFileAtomic(torch, encodeModel(thaw(design, { seed: 0, temperature: 1, candidates: 1 })));
    });
}
