import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Command, CommanderError } from "commander";
import { describe, expect, test } from "vitest";
import type { z } from "zod";
import { ExitCode } from "../base/errors.js";
import { type ConfigOptions, overridesOf } from "../src/cli/options.js";
import { program } from "../src/cli/program.js";
import { commandReference } from "../src/cli/reference.js";
import { loadConfig } from "../src/config/load.js";
import { ConfigSchema } from "../src/config/schema.js";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const text = (path: string): string => readFileSync(join(ROOT, path), "utf8");

const PAGES = [
  "README.md",
  "CONTRIBUTING.md",
  ...readdirSync(join(ROOT, "docs"), { recursive: true })
    .map((file) => `docs/${file}`)
    .filter((file) => file.endsWith(".md")),
];

interface Example {
  readonly where: string;
  /** Everything after `dbnc`. */
  readonly args: readonly string[];
}

/** Words of a command line; quotes hold words together, a comment, a redirection or two blanks after the command end it. */
const words = (line: string): string[] =>
  [...line.replace(/\s+[#>] ?.*$/, "").matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    (m) => m[1] ?? m[2] ?? m[3]!,
  );

/** `dbnc …` lines of shell blocks, and `` `dbnc …` `` within sentences. */
function examplesOf(page: string): Example[] {
  const markdown = text(page);
  const blocks = [...markdown.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap((block) => block[1]!.split("\n"));
  const inline = [...markdown.replace(/```[\s\S]*?```/g, "").matchAll(/`(dbnc [^`]+)`/g)].map((m) => m[1]!);
  return [...blocks, ...inline].flatMap((line) => {
    const found = /(?:^|&& )(?:npx )?dbnc (.*)$/.exec(line.trim());
    return found === null ? [] : [{ where: `${page}: ${line.trim()}`, args: words(found[1]!) }];
  });
}

function helpOf(command: Command): string {
  let help = "";
  command.configureOutput({
    writeOut: (part) => {
      help += part;
    },
  });
  command.outputHelp();
  return help;
}

/** Lines under "Examples:" in the help of every command; what they do is two blanks to the right. */
function examplesInHelp(): Example[] {
  const root = program();
  return [root, ...root.commands].flatMap((command) =>
    [...helpOf(command).matchAll(/^ {2}dbnc (.*)$/gm)].map((m) => ({
      where: `${command.name()} --help: ${m[1]}`,
      args: words(m[1]!.trim().split(/ {2,}/)[0]!),
    })),
  );
}

/** Parse as the real command line does, settings included, but do nothing. A name alone just has to be a command. */
async function parseOnly({ args }: Example): Promise<void> {
  const root = program();
  if (args.length === 1 && root.commands.some((command) => command.name() === args[0])) return;
  for (const command of [root, ...root.commands])
    command.configureOutput({ writeErr: () => {}, writeOut: () => {} });
  for (const command of root.commands)
    command.action(() => void loadConfig(undefined, overridesOf(command.opts<ConfigOptions>())));
  try {
    await root.parseAsync([...args], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError && error.exitCode === 0)) throw error;
  }
}

describe("every example is a command line that dbnc takes", () => {
  const examples = [...PAGES.flatMap(examplesOf), ...examplesInHelp()];
  test("there are many", () => expect(examples.length).toBeGreaterThan(30));
  test.each(examples)("$where", async (example) => {
    await parseOnly(example);
  });
  test.each([
    ["build", "--layer", "3"],
    ["build", "--set", "train.epoch=3"],
    ["bild"],
    ["predict", "x.csv"],
    ["simulat"],
  ])("and a wrong one is found: %s", async (...args) => {
    await expect(parseOnly({ where: "", args })).rejects.toThrow();
  });
});

test("docs/config.md lists every key with its default and meaning", () => {
  const found = [
    ...text("docs/config.md")
      .replaceAll("\\*", "*")
      .matchAll(/^\| `([^`]+)` +\| `([^`]*)` +\| (.*?) *\|$/gm),
  ];
  const rows = found.map(([, key, value, meaning]) => ({ key, value, meaning }));
  const defaults = ConfigSchema.parse({});
  const wanted = Object.entries(ConfigSchema.shape).flatMap(([group, schema]) => {
    const value = defaults[group as keyof typeof defaults];
    const row = (key: string, at: unknown, of: z.ZodType) => ({
      key,
      value: JSON.stringify(at),
      meaning: of.description,
    });
    if (typeof value !== "object") return [row(group, value, schema)];
    const inner = (schema.def as unknown as { innerType: { shape: Record<string, z.ZodType> } }).innerType;
    return Object.entries(inner.shape).map(([key, of]) =>
      row(`${group}.${key}`, (value as Record<string, unknown>)[key], of),
    );
  });
  expect(rows).toEqual(wanted);
});

test("docs/reference.md is what the command line says (npm run reference writes it)", () => {
  expect(text("docs/reference.md")).toBe(commandReference());
});

test("docs/exit-codes.md lists every exit code", () => {
  const listed = [...text("docs/exit-codes.md").matchAll(/^\| ([\d, ]+?) +\|/gm)];
  const codes = listed.flatMap((row) => row[1]!.split(", ").map(Number));
  expect(codes).toEqual(Object.values(ExitCode).sort((a, b) => a - b));
});

test("every error that the FAQ explains is one that dbnc can give", () => {
  const sources = ["base", "sat", "compiler", "src"].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true })
      .filter((file) => String(file).endsWith(".ts"))
      .map((file) => text(`${folder}/${file}`)),
  );
  const codes = new Set([...sources.join("").matchAll(/"([a-z-]+\/[a-z-]+)"/g)].map((m) => m[1]!));
  const named = [...text("docs/guide/faq.md").matchAll(/`\[([^\]`]+)\]`/g)].map((m) => m[1]!);
  expect(named.length).toBeGreaterThan(15);
  expect(named.filter((code) => !codes.has(code))).toEqual([]);
});

test("links between pages lead somewhere", () => {
  const broken = PAGES.flatMap((page) =>
    [...text(page).matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)]
      .filter((link) => !existsSync(join(ROOT, dirname(page), link[1]!)))
      .map((link) => `${page}: ${link[1]}`),
  );
  expect(broken).toEqual([]);
});
