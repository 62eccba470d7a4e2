import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { GateKind } from "../../compiler/ir/gate-functions.js";
import type { Netlist } from "../../compiler/ir/netlist.js";
import { compileProgram } from "../../compiler/simulate/program.js";
import type { Measurement } from "./workload.js";

/** Samples of a pass. */
const PASS = 512;
/** Gates of one generated function: the compiler's time grows faster than its functions. */
const FUNCTION_GATES = 1000;

/** Inputs of all passes, block-major: shape `[passes][inputs][64 bytes]`. */
export function blockMajor(rows: readonly Uint32Array[], passes: number): Uint32Array {
  const words = PASS / 32;
  const blocks = new Uint32Array(passes * rows.length * words);
  for (let p = 0, at = 0; p < passes; p++) {
    for (const row of rows) {
      blocks.set(row.subarray(p * words, (p + 1) * words), at);
      at += words;
    }
  }
  return blocks;
}

/** The same interpreter in C, with the vectors that this processor has. */
export function interpreterInC(netlist: Netlist, rows: readonly Uint32Array[], folder: string): Measurement {
  const passes = rows[0]!.length / (PASS / 32);
  const source = fileURLToPath(new URL("interpreter.c", import.meta.url)).replace("/dist/bench/", "/bench/");
  const built = join(folder, "interpreter");
  run("gcc", ["-O3", "-march=native", "-o", built, source], folder);
  const begin = performance.now();
  const { slots, inputSlots, runs, gates, outputs } = compileProgram(netlist);
  const compileSeconds = (performance.now() - begin) / 1000;
  const sizes = [slots, inputSlots.length, runs.length / 2, gates.length / 3, outputs.length];
  writeFileSync(
    join(folder, "program"),
    Uint32Array.from([...sizes, ...inputSlots, ...runs, ...gates, ...outputs]),
  );
  writeFileSync(join(folder, "inputs"), blockMajor(rows, passes));
  const repetitions = Math.ceil(1e6 / (gates.length / 3));
  const text = run(built, ["program", "inputs", `${passes}`, `${repetitions}`], folder);
  const vectors = run("gcc", ["-march=native", "-dM", "-E", "-x", "c", "/dev/null"], folder);
  const name = `C interpreter, ${vectors.includes("__AVX512F__") ? "AVX-512" : "AVX2"}`;
  return measurement(name, compileSeconds, gates.length / 3, text);
}

/** Straight-line C as gcc -O1 compiles it, 512 samples a call. */
export function generatedC(netlist: Netlist, rows: readonly Uint32Array[], folder: string): Measurement {
  const passes = rows[0]!.length / (PASS / 32);
  writeFileSync(join(folder, "generated.c"), straightLine(netlist));
  writeFileSync(join(folder, "inputs"), blockMajor(rows, passes));
  const built = join(folder, "generated");
  const begin = performance.now();
  run("gcc", ["-O1", "-march=native", "-o", built, "generated.c"], folder);
  const compileSeconds = (performance.now() - begin) / 1000;
  const repetitions = Math.ceil(1e6 / netlist.kind.length);
  const text = run(built, ["inputs", `${passes}`, `${repetitions}`], folder);
  return measurement("generated C, gcc -O1", compileSeconds, netlist.kind.length, text);
}

/** One statement a gate on vectors of 512 bits, in functions of some length. */
function straightLine({ inputs, kind, fanin0, fanin1, outputs }: Netlist): string {
  const read = (literal: number): string => `${(literal & 1) === 1 ? "~" : ""}v[${literal >>> 1}]`;
  const lines = Array.from(kind, (k, g) => {
    const sign = k === GateKind.And ? "&" : "^";
    return `v[${1 + inputs + g}] = ${read(fanin0[g]!)} ${sign} ${read(fanin1[g]!)};`;
  });
  const parts = Array.from({ length: Math.ceil(lines.length / FUNCTION_GATES) }, (_, p) =>
    lines.slice(p * FUNCTION_GATES, (p + 1) * FUNCTION_GATES),
  );
  const nodes = 1 + inputs + kind.length;
  return `#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
typedef unsigned long word __attribute__((vector_size(64)));
static word v[${nodes}] __attribute__((aligned(64)));
${parts.map((part, p) => `static __attribute__((noinline)) void part${p}(void) {\n${part.join("\n")}\n}`).join("\n")}
static void evaluate(void) { ${parts.map((_, p) => `part${p}();`).join(" ")} }
static const unsigned outputs[] = {${outputs.join(",")}};
static char parity[${outputs.length}];
static double now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec + 1e-9 * t.tv_nsec; }
int main(int argc, char **argv) {
  FILE *file = fopen(argv[1], "rb");
  for (int pass = 0; pass < atoi(argv[2]); pass++) {
    if (fread(v + 1, 64, ${inputs}, file) != ${inputs}) return 1;
    evaluate();
    for (int o = 0; o < ${outputs.length}; o++)
      for (int k = 0; k < 8; k++) parity[o] ^= __builtin_parityl(v[outputs[o] >> 1][k]);
  }
  double best = 1e9;
  for (int attempt = 0; attempt < 300; attempt++) {
    double begin = now();
    for (int r = 0; r < atoi(argv[3]); r++) evaluate();
    double seconds = (now() - begin) / atoi(argv[3]);
    if (seconds < best) best = seconds;
  }
  printf("%.9f\\n", best);
  for (int o = 0; o < ${outputs.length}; o++) putchar('0' + parity[o]);
  return 0;
}
`;
}

/** What both programs print: seconds of a pass, and parities. */
function measurement(name: string, compileSeconds: number, gates: number, text: string): Measurement {
  const [seconds, parities] = text.trim().split("\n");
  return {
    name,
    compileSeconds,
    evaluationsPerSecond: (gates * PASS) / Number(seconds),
    parities: parities!,
  };
}

/** @throws if the program is missing or fails. */
export function run(program: string, args: readonly string[], folder: string): string {
  const { error, status, stdout, stderr } = spawnSync(program, args, {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${program} ended with exit code ${status}: ${stderr.slice(-400)}`);
  return stdout;
}
