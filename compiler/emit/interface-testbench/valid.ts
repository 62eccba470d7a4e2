import type { Design } from "../../ir/design.js";
import { indexWidth } from "../../ir/readout.js";
import type { Latency } from "../verilog/interface/network.js";
import { validLatency } from "../verilog/interface/valid.js";
import { moduleNames } from "../verilog/names.js";
import { benchText, connected } from "./common.js";

/**
 * Testbench of `<name>_valid`: samples at random distances, every answer in exactly its cycle, none in any other, and none for
 * what a reset has found on its way.
 */
export function validTestbench(
  design: Design,
  name: string,
  latency: Latency,
  comment: readonly string[],
): string {
  const names = moduleNames(name);
  const cycles = validLatency(latency);
  const index = indexWidth(design.readout.classNames.length);
  return benchText(design, {
    comment,
    name: `${names.valid}_tb`,
    body: [
      "reg in_valid;",
      "wire out_valid;",
      `wire [${index - 1}:0] class_index;`,
      `reg [${cycles}:0] due;`,
      ...connected(names.valid, ["clk", "rst_n", "in_valid", "features", "out_valid", "class_index"]),
      "",
      "// `due` at an edge: what was put in so many edges before.",
      "always @(posedge clk) begin",
      `  due <= rst_n ? {due[${cycles - 1}:0], in_valid} : ${cycles + 1}'d0;`,
      "  if (rst_n) begin",
      `    if (out_valid !== due[${cycles - 1}]) finish_with(1, "out_valid in the wrong cycle");`,
      "    if (out_valid === 1'b1) answer(1'b0, class_index);",
      "  end",
      "end",
    ],
    stimulus: [
      "// Samples that a reset loses give no answer.",
      "in_valid = 1;",
      "repeat (2) @(negedge clk);",
      "in_valid = 0;",
      "reset_circuit;",
      "while (samples < limit && !done) begin",
      "  next_sample;",
      "  in_valid = 1;",
      "  expect_answer(1'b0);",
      "  @(negedge clk);",
      "  in_valid = 0;",
      "  noise = shuffled(noise);",
      "  if (noise[2:0] < 3'd3) repeat (noise[6:3]) @(negedge clk);",
      "end",
    ],
    patience: cycles + 20,
    frame: 20,
  });
}
