import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
/** Each part and the parts that it may import. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  base: ["base"],
  sat: ["sat", "base"],
  compiler: ["compiler", "sat", "base"],
  src: ["src", "compiler", "sat", "base"],
};
/** The compiler takes and gives values; it must not reach for files, processes or the clock of the system. */
const FORBIDDEN_IN_COMPILER = [
  "node:fs",
  "node:fs/promises",
  "node:child_process",
  "node:os",
  "node:worker_threads",
];

interface Source {
  readonly path: string;
  readonly text: string;
}

function importsOf(text: string): string[] {
  return [...text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map((match) => match[1]!);
}

function violations({ path, text }: Source): string[] {
  const part = path.split("/")[0]!;
  return importsOf(text).flatMap((name) => {
    if (part === "compiler" && FORBIDDEN_IN_COMPILER.includes(name)) return [`${path} imports ${name}`];
    if (!name.startsWith(".")) return [];
    const target = normalize(join(dirname(path), name)).split("/")[0]!;
    return MAY_IMPORT[part]!.includes(target) ? [] : [`${path} imports ${name}`];
  });
}

function sources(): Source[] {
  return Object.keys(MAY_IMPORT).flatMap((part) =>
    readdirSync(join(ROOT, part), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
      .map((entry) => {
        const file = join(entry.parentPath, entry.name);
        return { path: relative(ROOT, file), text: readFileSync(file, "utf8") };
      }),
  );
}

test("imports go one way: src, compiler, sat, base", () => {
  const all = sources();
  expect(all.length).toBeGreaterThan(20);
  expect(all.flatMap(violations)).toEqual([]);
});

test.each([
  ["sat/solver.ts", 'import { x } from "../compiler/ir/netlist.js";'],
  ["compiler/passes/strash.ts", 'import { x } from "../../src/flow/files.js";'],
  ["compiler/ir/netlist.ts", 'import { readFileSync } from "node:fs";'],
  ["base/errors.ts", 'const x = await import("../sat/solver.js");'],
])("a planted violation is found in %s", (path, text) => {
  expect(violations({ path, text })).toHaveLength(1);
});

test("nothing draws unseeded randomness", () => {
  const found = sources().filter(({ text }) => text.includes("Math.random("));
  expect(found.map(({ path }) => path)).toEqual([]);
});
