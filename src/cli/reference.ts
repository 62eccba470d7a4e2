import type { z } from "zod";
import { ConfigSchema } from "../config/schema.js";
import { type DescribedCommand, type DescribedOption, describeCommands } from "./describe.js";
import { program } from "./program.js";

/** A Markdown table with its columns aligned. */
function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows].map((row) =>
    row.map((cell) => cell.replaceAll("|", "\\|").replaceAll("*", "\\*")),
  );
  const widths = head.map((_, i) => Math.max(...all.map((row) => row[i]!.length)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |`;
  return [line(all[0]!), line(widths.map((width) => "-".repeat(width))), ...all.slice(1).map(line)].join(
    "\n",
  );
}

/** docs/reference.md: every command with its arguments, options and notes, as the command line itself has them. */
export function commandReference(): string {
  const commands = describeCommands(program());
  const list = commands.map(({ name, about }) => [`[\`${name}\`](#dbnc-${name})`, about]);
  return `# Commands

What the help of every command says, written by \`npm run reference\` from the command line itself. The keys of the project file are in
[config.md](config.md), exit codes in [exit-codes.md](exit-codes.md).

${markdownTable(["command", "what it does"], list)}

${commands.map(section).join("\n")}`;
}

function section({ name, about, usage, args, options, notes }: DescribedCommand): string {
  const given = args
    .filter((argument) => argument.about !== "")
    .map((argument) => [`\`${argument.name}\``, argument.about]);
  const rows = [...given, ...options.map((option) => [`\`${option.flags}\``, meaning(option)])];
  const text = notes === "" ? "" : `\n\`\`\`text\n${notes}\n\`\`\`\n`;
  return `## dbnc ${name}

${about}

\`\`\`text
${usage}
\`\`\`

${markdownTable(["argument or option", "meaning"], rows)}
${text}`;
}

function meaning({ about, choices, preset }: DescribedOption): string {
  const values = choices.length === 0 ? "" : `: ${choices.map((choice) => `\`${choice}\``).join(", ")}`;
  const otherwise =
    preset === undefined ? "" : ` (default: ${Array.isArray(preset) ? preset.join(",") : preset})`;
  return `${about}${values}${otherwise}`;
}

/** The table of docs/config.md: every key of the project file with its default and meaning. */
export function keyReference(): string {
  const defaults: Readonly<Record<string, unknown>> = ConfigSchema.parse({});
  const row = (key: string, value: unknown, schema: z.ZodType): string[] => [
    `\`${key}\``,
    `\`${JSON.stringify(value)}\``,
    schema.description ?? "",
  ];
  const rows = Object.entries(ConfigSchema.shape).flatMap(([group, schema]) => {
    const value = defaults[group];
    const shape = shapeOf(schema);
    if (shape === undefined) return [row(group, value, schema)];
    return Object.entries(shape).map(([key, inner]) =>
      row(`${group}.${key}`, (value as Readonly<Record<string, unknown>>)[key], inner),
    );
  });
  return markdownTable(["key", "default", "meaning"], rows);
}

/** The keys of a group of settings; undefined for a single setting. */
function shapeOf(schema: z.ZodType): Readonly<Record<string, z.ZodType>> | undefined {
  const { innerType } = schema.def as { innerType?: z.ZodType };
  return (innerType?.def as { shape?: Record<string, z.ZodType> } | undefined)?.shape;
}
