import type { Design } from "../../ir/design.js";
import { featureOffsets, hardwareWidth } from "../../ir/encoder.js";
import { indexWidth } from "../../ir/readout.js";
import { slice } from "../verilog/encoder.js";
import type { Beats } from "../verilog/interface/beats.js";

/** Mismatches that a testbench prints one by one. */
const SHOWN = 10;
/** Answers that may be on their way at once: more than any pipeline holds. */
const QUEUE = 256;

/** What distinguishes the testbench of one interface. */
export interface Bench {
  readonly comment: readonly string[];
  readonly name: string;
  /** Declarations, the instance, processes and tasks. */
  readonly body: readonly string[];
  /** Statements after the reset: send `limit` samples, and what has to be refused among them. */
  readonly stimulus: readonly string[];
  /** Cycles after the last answer in which none too many would have come. */
  readonly patience: number | string;
  /** Cycles that a frame takes at most, pauses and stalls included; Verilog expressions, both. */
  readonly frame: number | string;
}

/**
 * The frame of a self-checking testbench: a clock of 10 ns, `next_sample`, a queue of expected answers in which `expect`
 * puts and `answer` compares, reproducible noise from `+seed=`, at most `+samples=` samples of the file `+vectors=`, and one
 * line that starts with `DBNC PASS` or `DBNC FAIL`. With `+waves=` it dumps waves instead, as the top's testbench does: of the
 * samples from number `+waves_from=` on, what is sent between them included.
 *
 * An answer is `{wrong, class}`.
 */
export function benchText(design: Design, { comment, name, body, stimulus, patience, frame }: Bench): string {
  const width = featureOffsets(design.encoder).at(-1)!;
  const index = indexWidth(design.readout.classNames.length);
  return `${comment.map((line) => `// ${line}\n`).join("")}\`timescale 1ns / 1ps
\`default_nettype none
module ${name};
  reg clk;
  reg rst_n;
  reg [${width - 1}:0] features;
  reg [${width - 1}:0] read_features;
  reg [${index - 1}:0] read_class;
  // Answers to come, the oldest at \`received\`.
  reg [${index}:0] queue [0:${QUEUE - 1}];
  reg [8*1024-1:0] path;
  reg [8*1024-1:0] waves;
  reg dumping;
  integer waves_from, waves_samples;
  reg [31:0] noise;
  integer file, total, limit, fields, samples, queued, received, mismatches, waited, cut, k;
  reg done;
${body.map((line) => (line === "" ? "" : `  ${line}`)).join("\n")}

  // Marsaglia's xorshift: the same in every simulator.
  function [31:0] shuffled(input [31:0] from);
    begin
      shuffled = from ^ (from << 13);
      shuffled = shuffled ^ (shuffled >> 17);
      shuffled = shuffled ^ (shuffled << 5);
    end
  endfunction

  task finish_with(input failed, input [8*64-1:0] reason);
    begin
      if (!done) begin
        done = 1;
        if (dumping) $display("DBNC WAVES samples=%0d mismatches=%0d", samples - waves_from, mismatches);
        else if (failed) $display("DBNC FAIL samples=%0d mismatches=%0d reason=%0s", samples, mismatches, reason);
        else $display("DBNC PASS samples=%0d mismatches=0", samples);
        $finish;
      end
    end
  endtask

  task next_sample;
    begin
      if (dumping && samples == waves_from)
        $dumpvars(0, dut, features, read_class, samples, queued, received, mismatches);
      fields = $fscanf(file, "%h %h", read_features, read_class);
      if (fields != 2) finish_with(1, "the vector file is cut");
      features = read_features;
      samples = samples + 1;
    end
  endtask

  task expect_answer(input wrong);
    begin
      queue[queued % ${QUEUE}] = wrong ? {1'b1, ${index}'d0} : {1'b0, read_class};
      queued = queued + 1;
    end
  endtask

  task answer(input wrong, input [${index - 1}:0] found);
    begin
      waited = 0;
      if (received == queued) finish_with(1, "an answer that nothing asked for");
      else if ({wrong, found} !== queue[received % ${QUEUE}]) begin
        mismatches = mismatches + 1;
        if (mismatches <= ${SHOWN})
          $display("sample %0d, answer %0d: expected wrong=%b class %0d but found wrong=%b class %0d",
                   samples - 1, received,
                   queue[received % ${QUEUE}][${index}], queue[received % ${QUEUE}][${index - 1}:0], wrong, found);
      end
      received = received + 1;
    end
  endtask

  // All answers are there, and no more come for a while.
  task drain;
    begin
      while (received != queued && !done) @(negedge clk);
      repeat (${patience}) @(negedge clk);
    end
  endtask

  task reset_circuit;
    begin
      rst_n = 0;
      repeat (4) @(negedge clk);
      rst_n = 1;
      repeat (4) @(negedge clk);
    end
  endtask

  initial clk = 0;
  always #5 clk = ~clk;

  always @(posedge clk) begin
    waited = (received == queued) ? 0 : waited + 1;
    if (waited > ${patience} + 10 * (${frame})) finish_with(1, "no answer");
  end

  initial begin
    done = 0;
    samples = 0;
    queued = 0;
    received = 0;
    mismatches = 0;
    waited = 0;
    dumping = $value$plusargs("waves=%s", waves) != 0;
    if ($value$plusargs("waves_from=%d", waves_from) == 0) waves_from = 0;
    if ($value$plusargs("waves_samples=%d", waves_samples) == 0) waves_samples = 1;
    if (!$value$plusargs("seed=%d", noise)) noise = 1;
    noise = shuffled(noise ^ 32'h9e3779b9);
    file = 0;
    if ($value$plusargs("vectors=%s", path)) file = $fopen(path, "r");
    if (file == 0) finish_with(1, "cannot open the file of +vectors=");
    else begin
      if ($fscanf(file, "%d", total) != 1) total = 0;
      if (!$value$plusargs("samples=%d", limit) || limit > total) limit = total;
      if (dumping) begin
        $dumpfile(waves);
        if (limit > waves_from + waves_samples) limit = waves_from + waves_samples;
      end
      if (limit <= 0) finish_with(1, "the vector file holds no samples");
      features = 0;
      reset_circuit;
${stimulus.map((line) => `      ${line}`).join("\n")}
      drain;
      finish_with(mismatches != 0, "mismatch");
    end
  end
endmodule
\`default_nettype wire
`;
}

/** The net `sent`: all fields of a frame, the first one lowest. Bits past a feature's code are 1: they must not matter. */
export function sentFields({ encoder: { features }, ...design }: Design, beats: Beats): string[] {
  const offsets = featureOffsets({ ...design, features, bits: [] });
  const fields = beats.count * beats.lanes;
  const lines = features.flatMap(({ type }, f) => {
    const width = hardwareWidth(type);
    const code = slice("features", offsets[f]!, width);
    const padding = beats.width - width;
    return [
      `assign ${slice("sent", f * beats.width, beats.width)} = ${padding === 0 ? code : `{{${padding}{1'b1}}, ${code}}`};`,
    ];
  });
  const rest = (fields - features.length) * beats.width;
  if (rest > 0) lines.push(`assign ${slice("sent", features.length * beats.width, rest)} = {${rest}{1'b1}};`);
  return [`wire [${fields * beats.width - 1}:0] sent;`, ...lines];
}

/** `name <module> (…)` with every port on the net of its name. */
export const connected = (module: string, ports: readonly string[], parameters = ""): string[] => [
  `${module} ${parameters}dut (`,
  ...ports.map((port, i) => `  .${port}(${port})${i < ports.length - 1 ? "," : ""}`),
  ");",
];
