import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect } from "vitest";
import { emitCModel, emitCTest } from "../../../compiler/emit/c-model.js";
import { vectorsText } from "../../../compiler/emit/vectors.js";
import type { Design } from "../../../compiler/ir/design.js";
import { quantise } from "../../../compiler/ir/encoder.js";
import { temporaryFolder, writeIn } from "../../support/folder.js";
import { testWithTool } from "../../support/native-tool.js";
import { randomDesign, richDesign } from "../../support/random-design.js";
import { classesOf, randomCodes } from "../../support/samples.js";

const STRICT = ["-Wall", "-Wextra", "-Werror", "-pedantic", "-O1"];
const gcc = testWithTool("gcc");

/** Compile a program beside the header. @returns what gcc complains of, or the output of the program. */
function compileAndRun(folder: string, source: string, args: readonly string[], compiler = "gcc"): string {
  const binary = join(folder, "program");
  const language = compiler === "gcc" ? "-std=c99" : "-std=c++11";
  const built = spawnSync(compiler, [language, ...STRICT, "-o", binary, source, "-lm"], { encoding: "utf8" });
  return built.stderr === "" ? spawnSync(binary, args, { encoding: "utf8" }).stdout : built.stderr;
}

function runTest(
  design: Design,
  change: (header: string) => string,
  vectors: (text: string) => string,
): string {
  const folder = temporaryFolder();
  writeIn(folder, "my_run.h", change(emitCModel(design, "my-run", ["a comment"])));
  const codes = randomCodes(design, 300, 3);
  const file = writeIn(folder, "vectors.txt", vectors(vectorsText(design, codes, classesOf(design, codes))));
  return compileAndRun(folder, writeIn(folder, "test.c", emitCTest(design, "my-run", [])), [file]);
}

const same = (text: string): string => text;
const designs = [
  ["rich", richDesign(1)],
  ["large", randomDesign(3, { inputs: 100, gates: 3000, outputs: 200, classes: 10 })],
  ["constant", randomDesign(1, { inputs: 3, gates: 0, outputs: 2 })],
] as const;

gcc.each(designs)("the C model is the netlist on random samples (%s)", (_name, design) => {
  expect(runTest(design, same, same)).toBe("DBNC PASS samples=300 mismatches=0\n");
});

gcc.each<[string, (header: string) => string, (vectors: string) => string]>([
  ["a gate", (text) => text.replace("? a ^ b : a & b", "? a ^ b : a | b"), same],
  ["the tie rule", (text) => text.replace("score > best", "score >= best"), same],
  ["a threshold", (text) => text.replace("code >= bit[2]", "code > bit[2]"), same],
  ["a vector", same, (text) => text.replace(/0\n$/, "1\n").replace(/2\n$/, "1\n").replace(/1\n$/, "2\n")],
  ["a cut file", same, (text) => text.slice(0, -9)],
  ["a line too many", same, (text) => `${text}0000 1\n`],
])("its test finds %s", (_what, change, vectors) => {
  expect(runTest(richDesign(1), change, vectors)).toMatch(/^DBNC FAIL/);
});

gcc("quantisation in C is ours, and the header is C++ too", () => {
  const design = richDesign(1);
  const folder = temporaryFolder();
  writeIn(folder, "my_run.h", emitCModel(design, "my-run", []));
  const values = [-1e9, -8.3, -0.76, -0.75, -0.25, 0, 0.2, 0.25, 0.5, 1, 2, 3, 7.6, 14.5, 1e9];
  const valuesOf = (kind: string): number[] =>
    kind === "category" ? values.filter(Number.isInteger) : values;
  const lines = design.encoder.features.flatMap(({ type }, f) =>
    valuesOf(type.kind).map((value) => `std::printf("%lld\\n", (long long)my_run_quantise(${f}, ${value}));`),
  );
  const source = `#include <cstdio>\n#include "my_run.h"\nint main() {\n${lines.join("\n")}\nvoid (*unused)(const int64_t *, size_t, uint16_t *, uint64_t *) = my_run_predict64; return unused == 0;\n}\n`;
  const found = compileAndRun(folder, writeIn(folder, "main.cc", source), [], "g++");
  const whole = design.encoder.features.flatMap(({ type }) =>
    valuesOf(type.kind).map((value) => quantise(type, value) + 0),
  );
  expect(found.trim().split("\n").map(Number)).toEqual(whole);
});
