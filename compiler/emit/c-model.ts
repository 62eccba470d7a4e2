import type { Design } from "../ir/design.js";
import { codeRange, featureOffsets, type HardwareType, hardwareWidth } from "../ir/encoder.js";
import { firstGate, liveGates } from "../ir/netlist.js";
import { usedInputs } from "./verilog/core.js";
import { moduleNames } from "./verilog/names.js";

/** `static const` table, some numbers a line; never empty, which C does not allow. */
function table(type: string, name: string, values: ArrayLike<number | string>): string {
  const items = values.length === 0 ? ["0"] : Array.from(values, String);
  const lines: string[] = [];
  for (let from = 0; from < items.length; from += 12)
    lines.push(`  ${items.slice(from, from + 12).join(", ")}`);
  return `static const ${type} ${name}[] = {\n${lines.join(",\n")}\n};`;
}

/** Live gates with nodes numbered anew: 0 is constant false, then the encoder bits that are read, then the gates. */
function gatesOf(
  { core }: Design,
  used: readonly number[],
): { gates: number[]; outputs: number[]; nodes: number } {
  const first = firstGate(core);
  const node = new Uint32Array(first + core.kind.length);
  used.forEach((input, k) => {
    node[1 + input] = 1 + k;
  });
  let nodes = 1 + used.length;
  const gates: number[] = [];
  const moved = (literal: number): number => 2 * node[literal >>> 1]! + (literal & 1);
  liveGates(core).forEach((live, g) => {
    if (live === 0) return;
    gates.push(core.kind[g]!, moved(core.fanin0[g]!), moved(core.fanin1[g]!));
    node[first + g] = nodes++;
  });
  return { gates, outputs: Array.from(core.outputs, moved), nodes };
}

const KINDS: readonly HardwareType["kind"][] = ["fixed", "boolean", "category"];

/** The tables: features, encoder bits, gates and readout. */
function tables(design: Design, prefix: string): string[] {
  const { encoder, readout } = design;
  const used = usedInputs(design.core);
  const { gates, outputs } = gatesOf(design, used);
  const types = encoder.features.map(({ type }) => type);
  const name = (what: string): string => `${prefix}_${what}`;
  return [
    "/* Of each feature: 0 fixed point, 1 boolean, 2 category; bits; first bit in the raw vector; lowest and highest code. */",
    table(
      "uint8_t",
      name("kind"),
      types.map(({ kind }) => KINDS.indexOf(kind)),
    ),
    table("uint8_t", name("width"), types.map(hardwareWidth)),
    table("uint32_t", name("offset"), featureOffsets(encoder)),
    table(
      "int64_t",
      name("lowest"),
      types.map((type) => `${codeRange(type)[0]}`),
    ),
    table(
      "int64_t",
      name("highest"),
      types.map((type) => `${codeRange(type)[1]}`),
    ),
    table(
      "double",
      name("scale"),
      types.map((type) => (type.kind === "fixed" ? number(type.scale) : "1.0")),
    ),
    "/* Encoder bits: feature, whether the code has to equal the value (else reach it), value. */",
    table(
      "int64_t",
      name("bit"),
      used.flatMap((i) => {
        const { feature, test, value } = encoder.bits[i]!;
        return [feature, test === "equals" ? 1 : 0, value];
      }),
    ),
    "/* Gates: 0 AND or 1 XOR of two literals (2 * node + complement). */",
    table("uint32_t", name("gate"), gates),
    table(
      "uint32_t",
      name("vote"),
      Array.from(readout.vote, (v) => outputs[v]!),
    ),
    table("int32_t", name("weight"), readout.weight),
    table("uint32_t", name("first_vote"), readout.start),
    table("int32_t", name("start_score"), readout.offset),
    `static const char *const ${name("class_name")}[] = {\n${readout.classNames.map((text) => `  ${JSON.stringify(text)}`).join(",\n")}\n};`,
  ];
}

/** A double that C reads back exactly. */
const number = (value: number): string => (Number.isInteger(value) ? `${value}.0` : `${value}`);

/**
 * The circuit as a C99 (and C++) header without dependencies: quantisation, encoder, gates 64 samples at a time, and readout,
 * as the hardware computes them.
 *
 * @remarks Gates are a table and one loop, not a line each, which compilers take minutes for.
 */
export function emitCModel(design: Design, name: string, comment: readonly string[]): string {
  const prefix = moduleNames(name).base;
  const used = usedInputs(design.core);
  const { gates, nodes } = gatesOf(design, used);
  const guard = `DBNC_${prefix.toUpperCase()}_H`;
  const constant = (what: string, value: number): string =>
    `#define ${prefix.toUpperCase()}_${what} ${value}`;
  return `${comment.map((line) => `/* ${line} */\n`).join("")}#ifndef ${guard}
#define ${guard}
#include <math.h>
#include <stddef.h>
#include <stdint.h>

${[
  constant("FEATURES", design.encoder.features.length),
  constant("CLASSES", design.readout.classNames.length),
  constant("BITS", used.length),
  constant("GATES", gates.length / 3),
  constant("NODES", nodes),
].join("\n")}

${tables(design, prefix).join("\n")}

${functions(prefix)}
#endif
`;
}

const functions = (prefix: string): string => {
  const P = prefix.toUpperCase();
  return `/* The code of a raw value: a number, or of a category its index (negative: not listed). */
static inline int64_t ${prefix}_quantise(size_t feature, double value) {
  const int64_t lowest = ${prefix}_lowest[feature], highest = ${prefix}_highest[feature];
  if (${prefix}_kind[feature] == 1) return value != 0.0;
  if (${prefix}_kind[feature] == 2) return value < 0.0 || value >= (double)highest ? highest : (int64_t)value;
  value = floor(value / ${prefix}_scale[feature] + 0.5);
  return value <= (double)lowest ? lowest : value >= (double)highest ? highest : (int64_t)value;
}

/*
 * Classes of up to 64 samples. codes: [samples][${P}_FEATURES], as ${prefix}_quantise gives them;
 * nodes: room for ${P}_NODES words. Of equal scores the lowest class wins.
 */
static inline void ${prefix}_predict64(const int64_t *codes, size_t samples, uint16_t *classes, uint64_t *nodes) {
  nodes[0] = 0;
  for (size_t i = 0; i != ${P}_BITS; i++) {
    const int64_t *bit = ${prefix}_bit + 3 * i;
    uint64_t word = 0;
    for (size_t s = 0; s < samples; s++) {
      const int64_t code = codes[s * ${P}_FEATURES + (size_t)bit[0]];
      word |= (uint64_t)(bit[1] ? code == bit[2] : code >= bit[2]) << s;
    }
    nodes[1 + i] = word;
  }
  for (size_t g = 0; g != ${P}_GATES; g++) {
    const uint32_t *gate = ${prefix}_gate + 3 * g;
    const uint64_t a = nodes[gate[1] >> 1] ^ (0 - (uint64_t)(gate[1] & 1));
    const uint64_t b = nodes[gate[2] >> 1] ^ (0 - (uint64_t)(gate[2] & 1));
    nodes[1 + ${P}_BITS + g] = gate[0] ? a ^ b : a & b;
  }
  for (size_t s = 0; s < samples; s++) {
    int64_t best = 0;
    for (uint32_t c = 0; c < ${P}_CLASSES; c++) {
      int64_t score = ${prefix}_start_score[c];
      for (uint32_t t = ${prefix}_first_vote[c]; t < ${prefix}_first_vote[c + 1]; t++) {
        const uint32_t literal = ${prefix}_vote[t];
        if (((nodes[literal >> 1] >> s) ^ literal) & 1) score += ${prefix}_weight[t];
      }
      if (c == 0 || score > best) {
        best = score;
        classes[s] = (uint16_t)c;
      }
    }
  }
}
`;
};

/** A program that runs the header over the testbench's vector file and ends with the testbench's verdict line. */
export function emitCTest(design: Design, name: string, comment: readonly string[]): string {
  const prefix = moduleNames(name).base;
  const P = prefix.toUpperCase();
  const digits = Math.ceil(featureOffsets(design.encoder).at(-1)! / 4);
  return `${comment.map((line) => `/* ${line} */\n`).join("")}#include "${prefix}.h"
#include <stdio.h>
#include <stdlib.h>

static char digits[${digits} + 2];
static int64_t codes[64 * ${P}_FEATURES];
static uint64_t nodes[${P}_NODES];

static int fail(unsigned long samples, unsigned long mismatches, const char *reason) {
  printf("DBNC FAIL samples=%lu mismatches=%lu reason=%s\\n", samples, mismatches, reason);
  return 1;
}

/* Bit k of the raw vector; the lowest is in the last digit. */
static int raw_bit(size_t k) {
  const char digit = digits[${digits} - 1 - k / 4];
  const int value = digit <= '9' ? digit - '0' : digit - 'a' + 10;
  return value >> (k % 4) & 1;
}

static int64_t code_of(size_t feature) {
  int64_t code = 0;
  const size_t width = ${prefix}_width[feature];
  for (size_t k = 0; k < width; k++)
    if (raw_bit(${prefix}_offset[feature] + k))
      code += (k + 1 == width && ${prefix}_lowest[feature] < 0 ? -1 : 1) * ((int64_t)1 << k);
  return code;
}

/* One line of the file; 0 when it is not there. */
static int read_sample(FILE *file, size_t slot, unsigned *expected) {
  if (fscanf(file, "%${digits + 1}[0-9a-f] %x\\n", digits, expected) != 2 || digits[${digits}] != 0 || digits[${digits - 1}] == 0) return 0;
  for (size_t f = 0; f < ${P}_FEATURES; f++) codes[slot * ${P}_FEATURES + f] = code_of(f);
  return 1;
}

int main(int argc, char **argv) {
  FILE *file = argc == 2 ? fopen(argv[1], "r") : NULL;
  unsigned long total, done = 0, mismatches = 0;
  if (file == NULL || fscanf(file, "%lu\\n", &total) != 1 || total == 0) return fail(0, 0, "cannot read the vector file");
  while (done < total) {
    uint16_t classes[64];
    unsigned expected[64];
    size_t samples = total - done < 64 ? total - done : 64;
    for (size_t s = 0; s < samples; s++)
      if (!read_sample(file, s, &expected[s])) return fail(done + s, mismatches, "the vector file is cut");
    ${prefix}_predict64(codes, samples, classes, nodes);
    for (size_t s = 0; s < samples; s++) mismatches += classes[s] != expected[s];
    done += samples;
  }
  if (fgetc(file) != EOF) return fail(done, mismatches, "the vector file is too long");
  fclose(file);
  if (mismatches != 0) return fail(done, mismatches, "mismatch");
  printf("DBNC PASS samples=%lu mismatches=0\\n", done);
  return 0;
}
`;
}
