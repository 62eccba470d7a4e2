import type { Design } from "../../../ir/design.js";
import { indexWidth } from "../../../ir/readout.js";
import { instance, moduleText, vector } from "../module.js";
import type { ModuleNames } from "../names.js";
import type { Beats } from "./beats.js";
import { cycles, delay, type Latency, network } from "./network.js";
import { storedBits } from "./serial.js";

/** Bits of the result's TDATA: whole bytes. */
export const resultWidth = (classes: number): number => 8 * Math.ceil(indexWidth(classes) / 8);

/**
 * AXI4-Stream (ARM IHI 0051): frames of beats that end with TLAST in, a result of one beat for each frame out. A frame with too few or
 * too many beats gives TUSER = 1 and class 0. Skid buffers on both sides make every output a flip-flop.
 */
export function emitAxis(
  design: Design,
  beats: Beats,
  names: ModuleNames,
  latency: Latency,
  comment: readonly string[],
): string {
  const classes = design.readout.classNames.length;
  return moduleText({
    comment,
    name: names.axis,
    inputs: [
      "aclk",
      "aresetn",
      vector(beats.lanes * beats.width, "s_axis_tdata"),
      "s_axis_tvalid",
      "s_axis_tlast",
      "m_axis_tready",
    ],
    outputs: [
      "s_axis_tready",
      vector(resultWidth(classes), "m_axis_tdata"),
      "m_axis_tvalid",
      "m_axis_tlast",
      "m_axis_tuser",
    ],
    body: [
      ...storedBits(design, beats, names, "aclk", "~aresetn | (beat & final_beat)"),
      ...beatsIn(beats, names),
      ...network(design, names, latency, "aclk", "advance"),
      ...flow(latency),
      ...resultOut(classes, names),
    ],
  });
}

function beatsIn({ lanes, width }: Beats, names: ModuleNames): string[] {
  return [
    "wire beat_valid;",
    "wire beat_ready;",
    "wire final_beat;",
    ...instance(
      names.skid,
      "entry",
      [
        ["clk", "aclk"],
        ["rst_n", "aresetn"],
        ["in_valid", "s_axis_tvalid"],
        ["in_ready", "s_axis_tready"],
        ["in_data", "{s_axis_tlast, s_axis_tdata}"],
        ["out_valid", "beat_valid"],
        ["out_ready", "beat_ready"],
        ["out_data", "{final_beat, data}"],
      ],
      [["WIDTH", `${lanes * width + 1}`]],
    ),
    "assign beat = beat_valid & beat_ready;",
  ];
}

/** `frame`: a whole frame is stored and not yet taken. Everything behind it moves on together or not at all. */
function flow(latency: Latency): string[] {
  const how = { clock: "aclk", reset: "!aresetn", enable: "advance" };
  const stages = cycles(latency);
  const valid = delay("stage_valid", stages, "frame", how);
  const wrong = delay("stage_wrong", stages, "frame_wrong", how);
  return [
    "reg frame;",
    "reg frame_wrong;",
    "wire advance;",
    "wire result_ready;",
    ...valid.lines,
    ...wrong.lines,
    "wire result_valid;",
    "wire result_wrong;",
    `assign result_valid = ${valid.delayed};`,
    `assign result_wrong = ${wrong.delayed};`,
    "assign advance = result_ready | ~result_valid;",
    "assign beat_ready = advance | ~frame;",
    "always @(posedge aclk) begin",
    "  if (!aresetn) frame <= 1'b0;",
    "  else if (beat & final_beat) frame <= 1'b1;",
    "  else if (advance) frame <= 1'b0;",
    "  if (beat & final_beat) frame_wrong <= ~last;",
    "end",
  ];
}

function resultOut(classes: number, names: ModuleNames): string[] {
  const index = indexWidth(classes);
  const padding = resultWidth(classes) - index;
  return [
    `wire ${vector(index, "result")};`,
    ...instance(
      names.skid,
      "exit",
      [
        ["clk", "aclk"],
        ["rst_n", "aresetn"],
        ["in_valid", "result_valid"],
        ["in_ready", "result_ready"],
        ["in_data", `{result_wrong, found & {${index}{~result_wrong}}}`],
        ["out_valid", "m_axis_tvalid"],
        ["out_ready", "m_axis_tready"],
        ["out_data", "{m_axis_tuser, result}"],
      ],
      [["WIDTH", `${index + 1}`]],
    ),
    `assign m_axis_tdata = ${padding === 0 ? "result" : `{${padding}'d0, result}`};`,
    "assign m_axis_tlast = 1'b1;",
  ];
}
