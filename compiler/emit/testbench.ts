import type { Design } from "../ir/design.js";
import { featureOffsets } from "../ir/encoder.js";
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
