import type { Design } from "../../ir/design.js";
import { indexWidth } from "../../ir/readout.js";
import { resultWidth } from "../verilog/interface/axis.js";
import type { Beats } from "../verilog/interface/beats.js";
import { moduleNames } from "../verilog/names.js";
import { benchText, connected, sentFields } from "./common.js";

const PORTS = [
  ...["aclk", "aresetn", "s_axis_tdata", "s_axis_tvalid", "s_axis_tready", "s_axis_tlast"],
  ...["m_axis_tdata", "m_axis_tvalid", "m_axis_tready", "m_axis_tlast", "m_axis_tuser"],
];

/** A master that pauses at random, and a slave that stalls at random and looks for a word withdrawn or changed while it waits. */
const handshakes = (data: number, result: number, index: number, beats: number): string[] => [
  "wire aclk;",
  "wire aresetn;",
  "assign aclk = clk;",
  "assign aresetn = rst_n;",
  `reg [${data - 1}:0] s_axis_tdata;`,
  "reg s_axis_tvalid;",
  "reg s_axis_tlast;",
  "wire s_axis_tready;",
  `wire [${result - 1}:0] m_axis_tdata;`,
  "wire m_axis_tvalid;",
  "wire m_axis_tlast;",
  "wire m_axis_tuser;",
  "reg m_axis_tready;",
  "reg [31:0] sink_noise;",
  "// Of 256 cycles, those in which each side pauses.",
  "reg [7:0] pause;",
  "reg [7:0] stall;",
  "// Cycles that the slave still sleeps: up to several frames, so that everything before it fills up.",
  "integer sleep;",
  "reg waiting;",
  `reg [${result + 1}:0] offered;`,
  "",
  "// From one falling edge to another: ready does not change before the rising one between them.",
  "task beat(input integer number, input last);",
  "  begin",
  "    noise = shuffled(noise);",
  "    while (noise[15:8] < pause) begin",
  "      @(negedge clk);",
  "      noise = shuffled(noise);",
  "    end",
  "    s_axis_tvalid = 1;",
  `    s_axis_tdata = sent[number * ${data} +: ${data}];`,
  "    s_axis_tlast = last;",
  "    while (!s_axis_tready && !done) @(negedge clk);",
  "    @(negedge clk);",
  "    s_axis_tvalid = 0;",
  "  end",
  "endtask",
  "",
  "always @(posedge clk) begin",
  "  sink_noise = rst_n ? shuffled(sink_noise) : 32'h1234567;",
  `  if (!rst_n || sink_noise[23:0] % ${8 * beats} == 1) sleep = rst_n ? sink_noise[31:12] % ${6 * beats + 10} : 0;`,
  "  else if (sleep != 0) sleep = sleep - 1;",
  "  m_axis_tready <= rst_n && sleep == 0 && sink_noise[15:8] >= stall;",
  "  waiting <= rst_n && m_axis_tvalid && !m_axis_tready;",
  "  offered <= {m_axis_tuser, m_axis_tlast, m_axis_tdata};",
  '  if (rst_n && waiting && !m_axis_tvalid) finish_with(1, "TVALID was withdrawn");',
  "  if (rst_n && waiting && offered !== {m_axis_tuser, m_axis_tlast, m_axis_tdata})",
  '    finish_with(1, "a result changed while it waited");',
  "  if (rst_n && m_axis_tvalid === 1'b1 && m_axis_tready) begin",
  `    answer(m_axis_tuser, m_axis_tdata[${index - 1}:0]);`,
  '    if (!m_axis_tlast) finish_with(1, "a result without TLAST");',
  "  end",
  "end",
];

/** Testbench of `<name>_axis`: random stalls on both sides, and among the samples short and long frames and resets in mid-frame. */
export function axisTestbench(
  design: Design,
  name: string,
  beats: Beats,
  comment: readonly string[],
): string {
  const names = moduleNames(name);
  const classes = design.readout.classNames.length;
  const last = beats.count - 1;
  return benchText(design, {
    comment,
    name: `${names.axis}_tb`,
    body: [
      ...sentFields(design, beats),
      ...handshakes(beats.lanes * beats.width, resultWidth(classes), indexWidth(classes), beats.count),
      ...connected(names.axis, PORTS),
    ],
    stimulus: [
      "s_axis_tvalid = 0;",
      "s_axis_tlast = 0;",
      "while (samples < limit && !done) begin",
      "  noise = shuffled(noise);",
      `  cut = noise[15:0] % ${beats.count};`,
      "  pause = noise[0] ? 8'd0 : noise[15:8] >> 1;",
      "  stall = noise[1] ? 8'd0 : noise[23:16] | 8'd3;",
      ...(beats.count === 1
        ? []
        : [
            "  if (noise[27:24] == 4'd1) begin",
            "    // A short frame.",
            `    for (k = 0; k < cut % ${last}; k = k + 1) beat(k, 1'b0);`,
            "    beat(k, 1'b1);",
            "    expect_answer(1'b1);",
            "  end",
          ]),
      "  if (noise[27:24] == 4'd2) begin",
      "    // A long one.",
      `    for (k = 0; k < ${beats.count} + cut + (noise[3] ? ${beats.count} : 0); k = k + 1) beat(k % ${beats.count}, 1'b0);`,
      "    beat(0, 1'b1);",
      "    expect_answer(1'b1);",
      "  end",
      "  if (noise[27:24] == 4'd3) begin",
      "    // A reset in mid-frame.",
      "    drain;",
      `    for (k = 0; k < cut; k = k + 1) beat(k, 1'b0);`,
      "    reset_circuit;",
      "  end",
      "  next_sample;",
      "  #1;",
      "  expect_answer(1'b0);",
      `  for (k = 0; k < ${beats.count}; k = k + 1) beat(k, k == ${last});`,
      "end",
    ],
    patience: 2000,
    frame: 20 * beats.count + 1000,
  });
}
