import type { Command } from "commander";

/** One option of a command. */
export interface DescribedOption {
  /** As help shows it, such as `-q, --quiet` or `--seed <n>`. */
  readonly flags: string;
  readonly long: string;
  readonly short: string | null;
  readonly about: string;
  /** Whether a value follows. */
  readonly takesValue: boolean;
  /** The only values that there are, if it is so. */
  readonly choices: readonly string[];
  /** What holds if it is not given; undefined if nothing is said about that. */
  readonly preset: unknown;
}

export interface DescribedCommand {
  readonly name: string;
  readonly about: string;
  /** As help shows it, such as `dbnc predict [options] <file>`. */
  readonly usage: string;
  readonly args: readonly {
    readonly name: string;
    readonly about: string;
    readonly choices: readonly string[];
  }[];
  readonly options: readonly DescribedOption[];
  /** What help adds: examples and notes. */
  readonly notes: string;
}

/** Every command of the command line, told from the command line itself. */
export function describeCommands(root: Command): DescribedCommand[] {
  const help = root.createHelp();
  return help
    .visibleCommands(root)
    .filter(
      ({ commands, _name: name }: Command & { _name?: string }) => commands.length === 0 && name !== "help",
    )
    .map((command) => ({
      name: command.name(),
      about: command.description(),
      usage: help.commandUsage(command),
      args: command.registeredArguments.map((argument) => ({
        name: argument.required ? `<${argument.name()}>` : `[${argument.name()}]`,
        about: argument.description,
        choices: argument.argChoices ?? [],
      })),
      options: help.visibleOptions(command).map((option) => ({
        flags: option.flags,
        long: option.long ?? "",
        short: option.short ?? null,
        about: option.description,
        takesValue: option.required || option.optional,
        choices: option.argChoices ?? [],
        preset: option.defaultValueDescription ?? option.defaultValue,
      })),
      notes: notesOf(command),
    }));
}

/** What a command's help says after its options. */
function notesOf(command: Command): string {
  let text = "";
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
  });
  command.outputHelp();
  const at = text.indexOf("\nExamples:");
  return at < 0 ? "" : text.slice(at).trim();
}
