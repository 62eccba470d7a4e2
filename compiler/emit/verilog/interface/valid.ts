import type { Design } from "../../../ir/design.js";
import { featureOffsets } from "../../../ir/encoder.js";
import { indexWidth } from "../../../ir/readout.js";
import { instance, moduleText, vector } from "../module.js";
import type { ModuleNames } from "../names.js";
import { cycles, delay, type Latency } from "./network.js";

/** Clock edges from `in_valid` to `out_valid`: the input and output registers and what is between them. */
export const validLatency = (latency: Latency): number => cycles(latency) + 2;

/** The top between registers, a sample a cycle, with a valid bit beside each. No handshake: nothing can stall. */
export function emitValid(
  { encoder, readout }: Design,
  names: ModuleNames,
  latency: Latency,
  comment: readonly string[],
): string {
  const width = featureOffsets(encoder).at(-1)!;
  const index = indexWidth(readout.classNames.length);
  const stages = cycles(latency);
  const clocked: [string, string][] =
    stages === 0
      ? []
      : [
          ["clk", "clk"],
          ["enable", "1'b1"],
        ];
  const top = instance(
    names.top,
    "top",
    [...clocked, ["features", "held"], ["class_index", "found"]],
    stages === 0 ? [] : [["LATENCY", `${stages}`]],
  );
  const valid = delay("valid", validLatency(latency), "in_valid", {
    clock: "clk",
    reset: "!rst_n",
    enable: "1'b1",
  });
  return moduleText({
    comment: [
      ...comment,
      `A sample a cycle; its class comes ${validLatency(latency)} rising edges of clk later.`,
    ],
    name: names.valid,
    inputs: ["clk", "rst_n", "in_valid", vector(width, "features")],
    outputs: ["out_valid", vector(index, "class_index")],
    body: [
      `reg ${vector(width, "held")};`,
      `reg ${vector(index, "answer")};`,
      `wire ${vector(index, "found")};`,
      ...top,
      ...valid.lines,
      `assign out_valid = ${valid.delayed};`,
      "assign class_index = answer;",
      "always @(posedge clk) begin",
      "  held <= features;",
      "  answer <= found;",
      "end",
    ],
  });
}
