import type { Design } from "../../ir/design.js";
import { indexWidth } from "../../ir/readout.js";
import type { Beats } from "../verilog/interface/beats.js";
import { GAP } from "../verilog/interface/uart.js";
import { moduleNames } from "../verilog/names.js";
import { benchText, connected, sentFields } from "./common.js";
import { byteOf } from "./spi.js";

/** Clock cycles of a bit, and the gap that drops a frame: small, so that the simulation is short. */
export const BENCH_DIVISOR = 8;
const BENCH_GAP = 5;

/** The macro with which the testbench drives a synthesised netlist, which has no parameters any more, as it is. */
export const NETLIST_MACRO = "DBNC_NETLIST";

/** `DIVISOR`, `GAP`, a bit in nanoseconds, and the instance. */
const circuit = (module: string, divisor: number): string[] => {
  const ports = ["clk", "rst_n", "rx", "tx"];
  return [
    `\`ifdef ${NETLIST_MACRO}`,
    `localparam DIVISOR = ${divisor};`,
    `localparam GAP = ${GAP};`,
    ...connected(module, ports),
    "`else",
    `localparam DIVISOR = ${BENCH_DIVISOR};`,
    `localparam GAP = ${BENCH_GAP};`,
    ...connected(module, ports, "#(.DIVISOR(DIVISOR), .GAP(GAP)) "),
    "`endif",
    "localparam BIT = 10 * DIVISOR;",
  ];
};

/** The other end of the line; its clock is up to 1.25% off. */
const line = (index: number): string[] => [
  "reg rx;",
  "wire tx;",
  "reg [7:0] heard;",
  "integer bit_time, bits, heard_bits;",
  "",
  "task transmit(input [7:0] value, input stop);",
  "  begin",
  "    rx = 0;",
  "    #(bit_time);",
  "    for (bits = 0; bits < 8; bits = bits + 1) begin",
  "      rx = value[bits];",
  "      #(bit_time);",
  "    end",
  "    rx = stop;",
  "    #(bit_time);",
  "    rx = 1;",
  "  end",
  "endtask",
  "",
  "task idle;",
  "  #(BIT * 2 * (1 << GAP));",
  "endtask",
  "",
  "// Answers.",
  "always @(negedge tx) if (rst_n) begin",
  "  #(BIT / 2);",
  '  if (tx !== 1\'b0) finish_with(1, "a start bit too short");',
  "  for (heard_bits = 0; heard_bits < 8; heard_bits = heard_bits + 1) begin",
  "    #(BIT) heard[heard_bits] = tx;",
  "  end",
  "  #(BIT);",
  '  if (tx !== 1\'b1) finish_with(1, "an answer without a stop bit");',
  ...(index < 8 ? [`  if (heard[7:${index}] != 0) finish_with(1, "an answer that is no class");`] : []),
  `  answer(1'b0, heard[${index - 1}:0]);`,
  "end",
];

/**
 * Testbench of `<name>_uart`: among the samples short frames, frames with bytes too many, bytes without a stop bit, and resets in
 * mid-frame.
 */
export function uartTestbench(
  design: Design,
  name: string,
  beats: Beats,
  divisor: number,
  comment: readonly string[],
): string {
  const names = moduleNames(name);
  const bytes = (beats.count * beats.width) / 8;
  const send = (count: string): string =>
    `for (k = 0; k < ${count}; k = k + 1) transmit(${byteOf(beats)}, 1'b1);`;
  return benchText(design, {
    comment,
    name: `${names.uart}_tb`,
    body: [
      ...sentFields(design, beats),
      ...circuit(names.uart, divisor),
      ...line(indexWidth(design.readout.classNames.length)),
    ],
    stimulus: [
      "rx = 1;",
      "bit_time = BIT;",
      "reset_circuit;",
      "while (samples < limit && !done) begin",
      "  noise = shuffled(noise);",
      `  cut = noise[15:0] % ${bytes};`,
      "  bit_time = BIT + (noise[31:30] % 3) * (BIT / 80) - BIT / 80;",
      "  if (noise[26:24] == 3'd1) begin",
      "    // A short frame: dropped when the line has been idle.",
      `    ${send(`cut`)}`,
      "    idle;",
      "  end",
      "  if (noise[26:24] == 3'd2) begin",
      "    // A byte without a stop bit, such as a break.",
      `    ${send(`cut`)}`,
      "    transmit(8'h00, 1'b0);",
      "    #(2 * bit_time);",
      "  end",
      "  if (noise[26:24] == 3'd3) begin",
      "    // A reset in mid-frame.",
      "    drain;",
      `    ${send(`cut`)}`,
      "    reset_circuit;",
      "  end",
      "  next_sample;",
      "  #1;",
      "  expect_answer(1'b0);",
      `  ${send(`${bytes}`)}`,
      ...(bytes === 1
        ? []
        : [
            "  // Bytes too many begin a frame, which is short.",
            "  if (noise[26:24] == 3'd4) begin",
            "    transmit(8'hff, 1'b1);",
            "    idle;",
            "  end",
          ]),
      "  if (noise[29:27] == 3'd1) #(bit_time * noise[19:16]);",
      "end",
    ],
    patience: "20 * DIVISOR * (1 << GAP)",
    frame: `15 * DIVISOR * ${bytes} + 20 * DIVISOR * (1 << GAP)`,
  });
}
