import { Argument, Command } from "commander";
import { completionScript, SHELLS, type Shell } from "./completion-scripts.js";
import { describeCommands } from "./describe.js";

const EXAMPLES = `
Examples:
  dbnc completion bash > /etc/bash_completion.d/dbnc
  dbnc completion zsh > /usr/local/share/zsh/site-functions/_dbnc
  dbnc completion fish > ~/.config/fish/completions/dbnc.fish`;

/** `dbnc completion`: commands, options and their values for the Tab key. */
export function completionCommand(root: Command): Command {
  return new Command("completion")
    .description("print the completion script of a shell")
    .addArgument(new Argument("<shell>", "the shell").choices(SHELLS))
    .addHelpText("after", EXAMPLES)
    .action((shell: Shell) => {
      process.stdout.write(completionScript(shell, describeCommands(root)));
    });
}
