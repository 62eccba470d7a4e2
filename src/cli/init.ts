import { existsSync } from "node:fs";
import { Command } from "commander";
import { UserError } from "../../base/errors.js";
import { loadConfig } from "../config/load.js";
import { writeConfig } from "../config/write.js";
import { writeFileAtomic } from "../flow/files.js";
import { addConfigOptions, type ConfigOptions, overridesOf } from "./options.js";

/** `dbnc init`: a project file with every key, its default and what it means. */
export function initCommand(): Command {
  const command = new Command("init")
    .description("write a commented project file, dbnc.yaml")
    .option("-o, --output <file>", "where to write it", "dbnc.yaml")
    .option("--force", "replace an existing file");
  addConfigOptions(command).addHelpText(
    "after",
    "\nExamples:\n  dbnc init\n  dbnc init --name mnist --data ../shared/data/mnist --layers 4000,4000 -o mnist.yaml",
  );
  return command.action((options: ConfigOptions & { output: string; force?: boolean }) => {
    if (existsSync(options.output) && options.force !== true) {
      throw new UserError(
        "init/exists",
        `${options.output}: expected no such file but found one`,
        "--force replaces it, --output names another",
      );
    }
    writeFileAtomic(
      options.output,
      writeConfig(loadConfig(options.config, overridesOf(options)), { comments: true }),
    );
    process.stderr.write(`wrote ${options.output}; dbnc build --config ${options.output} uses it\n`);
  });
}
