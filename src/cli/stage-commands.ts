import { existsSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { UserError } from "../../base/errors.js";
import { loadConfig } from "../config/load.js";
import type { StageName } from "../flow/stage.js";
import { STAGES } from "../flow/stages.js";
import { addCommonOptions, addConfigOptions, type ConfigOptions, overridesOf } from "./options.js";
import { type RunCommandOptions, runInFolder } from "./run.js";

/** Options that a stage's help shows. */
const MORE_EXAMPLES: Readonly<Partial<Record<StageName, readonly string[]>>> = {
  prune: ["--max-accuracy-drop 0.002", "--max-luts 5000 --target ice40:up5k", "--pareto"],
  simulate: ["--waves fst", "--saif"],
  verify: ["--self-test 50"],
};

/** `dbnc train|optimize|emit|simulate|verify`: one stage of an existing run (train also begins one). */
export function stageCommands(): Command[] {
  return STAGES.map((stage) => {
    const { name, summary } = stage;
    const command = new Command(name)
      .description(summary)
      .requiredOption("--run <folder>", "the run folder, such as rtl-out/demo")
      .option("--force", "run the stage even when its results could be reused");
    if (name === "optimize") {
      command.option(
        "--dump-after <pass,…>",
        "write the design after these passes to dump/ (all for every pass)",
        (text) => text.split(","),
      );
    }
    const more =
      MORE_EXAMPLES[name]?.map((options) => `\n  dbnc ${name} --run rtl-out/demo ${options}`) ?? [];
    addCommonOptions(addConfigOptions(command)).addHelpText(
      "after",
      `\nExamples:\n  dbnc ${name} --run rtl-out/demo\n  dbnc ${name} --run rtl-out/demo --force --json${more.join("")}\n\nOptions come from the run's dbnc.yaml unless --config names another file.`,
    );
    return command.action(async (options: ConfigOptions & RunCommandOptions & { run: string }) => {
      const own = join(options.run, "dbnc.yaml");
      const file = options.config ?? (existsSync(own) ? own : undefined);
      const config = loadConfig(file, overridesOf(options));
      if (stage.wanted?.(config) === false)
        throw new UserError(
          "usage/unwanted",
          `dbnc ${name}: expected settings that ask for it but found none`,
          `dbnc ${name} --help has examples`,
        );
      process.exitCode = await runInFolder(options.run, config, [name], options);
    });
  });
}
