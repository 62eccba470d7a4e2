import { availableParallelism, totalmem } from "node:os";
import { Command } from "commander";
import { ExitCode, UserError } from "../../base/errors.js";
import { suggest } from "../../base/nearest.js";
import { type FoundTool, findKnownTool, KNOWN_TOOLS, type KnownTool } from "../tools/known-tools.js";
import { VERSION } from "../version.js";
import { addCommonOptions, type CommonOptions } from "./options.js";

const EXAMPLES = `
Examples:
  dbnc doctor
  dbnc doctor --json
  dbnc doctor iverilog verilator && dbnc build

Nothing of it is needed to train, optimise, emit and prove. Exit codes: 0; 4 if a tool that was named is missing or does not run.`;

/** `dbnc doctor`: what dbnc can use on this machine, what each thing enables, and how to get what is missing. */
export function doctorCommand(): Command {
  const command = new Command("doctor")
    .description("show which outside tools are installed, what each enables and how to get it")
    .argument("[tools...]", "programs or packages that have to be there; all are shown if none is named");
  addCommonOptions(command).addHelpText("after", EXAMPLES);
  return command.action(async (names: readonly string[], { json, quiet }: CommonOptions) => {
    const chosen = names.length === 0 ? KNOWN_TOOLS : names.map(toolNamed);
    const tools = await Promise.all(chosen.map(findKnownTool));
    const machine = {
      dbnc: VERSION,
      node: process.version,
      platform: `${process.platform}-${process.arch}`,
      cores: availableParallelism(),
      memoryGiB: Math.round(totalmem() / 2 ** 28) / 4,
    };
    if (json === true) process.stdout.write(`${JSON.stringify({ ...machine, tools }, null, 2)}\n`);
    else if (quiet !== true) {
      const { dbnc, node, platform, cores, memoryGiB } = machine;
      process.stdout.write(`dbnc ${dbnc}, Node ${node}, ${platform}, ${cores} cores, ${memoryGiB} GiB\n\n`);
      process.stdout.write(table(tools));
    }
    if (names.length > 0 && tools.some(({ status }) => status !== "installed"))
      process.exitCode = ExitCode.toolMissing;
  });
}

function toolNamed(name: string): KnownTool {
  const found = KNOWN_TOOLS.find(({ find }) => find === name);
  if (found !== undefined) return found;
  throw new UserError(
    "usage/tool",
    `doctor: expected a program or package that dbnc can use but found "${name}"`,
    suggest(
      name,
      KNOWN_TOOLS.map(({ find }) => find),
    ),
  );
}

function table(tools: readonly FoundTool[]): string {
  const width = Math.max(...tools.map(({ find }) => find.length));
  const lines = tools.map(({ name, find, status, found, enables, get }) => {
    const indent = " ".repeat(width + 13);
    const state = `  ${find.padEnd(width)}  ${status.padEnd(9)}  ${found ?? name}`;
    return `${state}\n${indent}for: ${enables}\n${status === "installed" ? "" : `${indent}get: ${get}\n`}`;
  });
  return lines.join("");
}
