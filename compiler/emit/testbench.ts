import type { Design } from "../ir/design.js";
import { featureOffsets, hardwareWidth } from "../ir/encoder.js";
import { indexWidth } from "../ir/readout.js";
import { moduleNames } from "./verilog/names.js";

/** Mismatches that the testbench prints one by one. */
const SHOWN = 10;

/**
 * A self-checking testbench. It reads its vectors from the file that `+vectors=<path>` names, compares every sample,
 * counts them, and prints one line that starts with `DBNC PASS` or `DBNC FAIL`; no such line means failure.
 *
 * A pipelined design gets a sample at every clock edge but for stalls at random, during which other features are on its
 * pins; each class must come after exactly `latency` edges that are not stalled.
 *
 * With `+waves=<path>` it dumps the waves of `+waves_samples=<n>` samples from number `+waves_from=<n>` on instead, and ends
 * with a line that starts with `DBNC WAVES`.
 */
export function emitTestbench(
  { encoder, readout }: Design,
  name: string,
  comment: readonly string[],
  latency = 0,
): string {
  const names = moduleNames(name);
  const width = featureOffsets(encoder).at(-1)!;
  const index = indexWidth(readout.classNames.length);
  return `${comment.map((line) => `// ${line}\n`).join("")}\`timescale 1ns / 1ps
\`default_nettype none
module ${names.testbench};
  reg  [${width - 1}:0] features;
  // Read first, then assigned: Verilator does not see that $fscanf drives logic.
  reg  [${width - 1}:0] read_features;
  reg  [${index - 1}:0] expected;
  wire [${index - 1}:0] class_index;
  reg  [8*1024-1:0] path;
  reg  [8*1024-1:0] waves;
  reg dumping;
  integer waves_from;
  integer waves_samples;
  integer file;
  integer total;
  integer samples;
  integer mismatches;
  integer fields;
  reg extra_is_there;
  reg [7:0] extra;
${declarations(latency, index)}
  ${names.top} ${latency > 0 ? `#(.LATENCY(${latency})) ` : ""}dut (${latency > 0 ? "\n    .clk(clk),\n    .enable(enable)," : ""}
    .features(features),
    .class_index(class_index)
  );

  initial begin
    samples = 0;
    mismatches = 0;
    fields = 2;${latency > 0 ? START_CLOCK : ""}
    dumping = $value$plusargs("waves=%s", waves) != 0;
    if ($value$plusargs("waves_from=%d", waves_from) == 0) waves_from = 0;
    if ($value$plusargs("waves_samples=%d", waves_samples) == 0) waves_samples = 1;
    if (!$value$plusargs("vectors=%s", path)) begin
      $display("DBNC FAIL samples=0 mismatches=0 reason=no +vectors=<file> given");
      $finish;
    end else begin
      file = $fopen(path, "r");
      if (file == 0) begin
        $display("DBNC FAIL samples=0 mismatches=0 reason=cannot open the vector file");
        $finish;
      end else begin
        if ($fscanf(file, "%d", total) != 1) total = 0;
        if (dumping) begin
          $dumpfile(waves);
          if (total > waves_from + waves_samples) total = waves_from + waves_samples;
        end
        while (samples < total && fields == 2) begin
          if (dumping && samples == waves_from) $dumpvars(0, dut, samples, expected, mismatches);
${latency > 0 ? clockedSample(latency, index) : combinationalSample}
        end
        extra_is_there = $fscanf(file, "%s", extra) == 1;
        $fclose(file);
        if (dumping)
          $display("DBNC WAVES samples=%0d mismatches=%0d", samples - waves_from, mismatches);
        else if (samples == 0 || samples != total || extra_is_there)
          $display("DBNC FAIL samples=%0d mismatches=%0d reason=the vector file does not hold the %0d samples that it announces",
                   samples, mismatches, total);
        else if (mismatches != 0)
          $display("DBNC FAIL samples=%0d mismatches=%0d reason=mismatch", samples, mismatches);
        else
          $display("DBNC PASS samples=%0d mismatches=0", samples);
        $finish;
      end
    end
  end

  // One sample takes a few nanoseconds; whatever is still running after a second of simulated time hangs.
  initial begin
    #1000000000;
    $display("DBNC FAIL samples=%0d mismatches=%0d reason=timeout", samples, mismatches);
    $finish;
  end
endmodule
\`default_nettype wire
`;
}

/** Counts a sample and compares its class. */
const COMPARE = `samples = samples + 1;
            if (class_index !== expected) begin
              mismatches = mismatches + 1;
              if (mismatches <= ${SHOWN})
                $display("sample %0d: expected class %0d but found %0d", samples - 1, expected, class_index);
            end`;

const combinationalSample = `          fields = $fscanf(file, "%h %h", read_features, expected);
          if (fields == 2) begin
            features = read_features;
            #1;
            ${COMPARE}
          end`;

const declarations = (latency: number, index: number): string =>
  latency === 0
    ? ""
    : `  reg clk;
  reg enable;
  reg [31:0] noise;
  // Classes of the samples in the pipeline, the newest lowest.
  reg [${latency * index - 1}:0] history;
  reg [${index - 1}:0] read_expected;
  integer fed;
`;

const START_CLOCK = `
    fed = 0;
    clk = 1'b0;
    enable = 1'b0;
    noise = 32'd1;
    read_features = 0;
    read_expected = 0;`;

/** One edge that is not stalled, perhaps after one that is; samples that leave the pipeline are compared. */
const clockedSample = (
  latency: number,
  index: number,
): string => `          if (fed < total) fields = $fscanf(file, "%h %h", read_features, read_expected);
          if (fields == 2) begin
            noise = {noise[30:0], noise[31] ^ noise[21] ^ noise[1] ^ noise[0]};
            if (noise[1:0] == 2'd0) begin
              enable = 1'b0;
              features = ~read_features;
              #1 clk = 1'b1;
              #1 clk = 1'b0;
            end
            enable = 1'b1;
            features = read_features;
            #1 clk = 1'b1;
            #1 clk = 1'b0;
            fed = fed + 1;
            history = ${latency === 1 ? "read_expected" : `{history[${(latency - 1) * index - 1}:0], read_expected}`};
            if (fed >= ${latency}) begin
            expected = history[${latency * index - 1}:${(latency - 1) * index}];
            ${COMPARE}
            end
          end`;

/**
 * The vector file: the number of samples, then a line for each with the raw feature vector and the expected class,
 * both hexadecimal.
 *
 * @param codes shape `[samples, features]`, row-major, quantised.
 * @param expected shape `[samples]`, class indices from the trainer's evaluator.
 */
export function vectorsText(
  { encoder }: Design,
  codes: ArrayLike<number>,
  expected: ArrayLike<number>,
): string {
  const widths = encoder.features.map(({ type }) => hardwareWidth(type));
  const digits = new Uint8Array(Math.ceil(widths.reduce((sum, width) => sum + width, 0) / 4));
  const decoder = new TextDecoder();
  const lines = [`${expected.length}`];
  for (let s = 0; s < expected.length; s++) {
    writeCodes(codes, s * widths.length, widths, digits);
    lines.push(`${decoder.decode(digits)} ${expected[s]!.toString(16)}`);
  }
  return `${lines.join("\n")}\n`;
}

/** Codes from `from` on side by side, the first one lowest, as the characters of a hexadecimal number. */
function writeCodes(
  codes: ArrayLike<number>,
  from: number,
  widths: readonly number[],
  digits: Uint8Array,
): void {
  let at = digits.length;
  let [pending, held] = [0, 0];
  for (let f = 0; f < widths.length; f++) {
    const [code, width] = [codes[from + f]!, widths[f]!];
    // Bits of a digit at a time; shifting keeps two's complement bits of negative codes.
    for (let k = 0, taken = 0; k < width; k += taken) {
      taken = Math.min(4 - held, width - k);
      pending |= ((code >> k) & ((1 << taken) - 1)) << held;
      held += taken;
      if (held < 4) continue;
      digits[--at] = characterOf(pending);
      pending = held = 0;
    }
  }
  if (held > 0) digits[--at] = characterOf(pending);
}

const characterOf = (digit: number): number => (digit < 10 ? 0x30 : 0x57) + digit;

export interface Vectors {
  /** Shape `[samples]` of `[features]` codes. */
  readonly codes: Int32Array;
  /** Shape `[samples]`; NaN where the file holds no number. */
  readonly expected: Float64Array;
}

/** Read a vector file back; null when it does not hold the samples that it announces. */
export function parseVectors({ encoder }: Design, text: string): Vectors | null {
  const [head, ...lines] = text.trimEnd().split("\n");
  if (!/^\d+$/.test(head ?? "") || Number(head) !== lines.length || lines.length === 0) return null;
  const types = encoder.features.map(({ type }) => ({
    width: hardwareWidth(type),
    signed: type.kind === "fixed" && type.signed,
  }));
  const digits = Math.ceil(types.reduce((sum, { width }) => sum + width, 0) / 4);
  const codes = new Int32Array(lines.length * types.length);
  const expected = new Float64Array(lines.length);
  for (const [s, line] of lines.entries()) {
    const fields = /^([0-9a-f]+) ([0-9a-f]+)$/.exec(line);
    if (fields === null || fields[1]!.length !== digits) return null;
    expected[s] = Number.parseInt(fields[2]!, 16);
    readCodes(fields[1]!, types, codes.subarray(s * types.length, (s + 1) * types.length));
  }
  return { codes, expected };
}

/** The fields of a hexadecimal number, the first one lowest. */
function readCodes(
  hex: string,
  types: readonly { readonly width: number; readonly signed: boolean }[],
  codes: Int32Array,
): void {
  let bit = 0;
  for (let f = 0; f < types.length; f++) {
    const { width, signed } = types[f]!;
    let code = 0;
    for (let k = 0, taken = 0; k < width; k += taken, bit += taken) {
      taken = Math.min(4 - (bit & 3), width - k);
      const character = hex.charCodeAt(hex.length - 1 - (bit >> 2));
      const digit = character < 0x3a ? character - 0x30 : character - 0x57;
      code |= ((digit >> (bit & 3)) & ((1 << taken) - 1)) << k;
    }
    codes[f] = signed ? (code << (32 - width)) >> (32 - width) : code;
  }
}
