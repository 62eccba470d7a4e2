import type { Design } from "../../../ir/design.js";
import { indexWidth } from "../../../ir/readout.js";
import { instance, moduleText, vector } from "../module.js";
import type { ModuleNames } from "../names.js";
import type { Beats } from "./beats.js";
import { cycles, delay, type Latency, network, same } from "./network.js";
import { beatFromBytes, storedBits } from "./serial.js";

/** Clock cycles of a bit, at least: the receiver has to find its middle. */
export const LEAST_DIVISOR = 4;
/** The line idle for 2^GAP bit times in mid-frame drops the frame: 36 ms at 115,200 baud. */
export const GAP = 12;

/**
 * A serial line, 8 data bits, no parity, one stop bit: the bytes of a sample in, one byte with its class out. A frame in
 * which the line was idle for long, or a byte had no stop bit, is dropped.
 */
export function emitUart(
  design: Design,
  beats: Beats,
  names: ModuleNames,
  { latency, divisor }: { readonly latency: Latency; readonly divisor: number },
  comment: readonly string[],
): string {
  const done = delay("answer", cycles(latency) + 1, "beat & last", {
    clock: "clk",
    reset: "!reset_chain[1]",
    enable: "1'b1",
  });
  return moduleText({
    comment,
    name: names.uart,
    parameters: [`DIVISOR = ${divisor}`, `GAP = ${GAP}`],
    inputs: ["clk", "rst_n", "rx"],
    outputs: ["tx"],
    body: [
      "reg [1:0] reset_chain;",
      "// A part without a reset starts with all flip-flops 0.",
      "initial reset_chain = 2'd0;",
      "always @(posedge clk) reset_chain <= {reset_chain[0], rst_n};",
      "wire strobe;",
      "wire drop;",
      "wire [7:0] octet;",
      ...instance(
        names.receiver,
        "receiver",
        [["clk", "clk"], ["rst_n", "reset_chain[1]"], ...same(["rx", "strobe", "octet", "drop"])],
        [
          ["DIVISOR", "DIVISOR"],
          ["GAP", "GAP"],
        ],
      ),
      "wire restart;",
      "assign restart = ~reset_chain[1] | drop | (beat & last);",
      ...storedBits(design, beats, names, "clk", "restart"),
      ...beatFromBytes(beats, names, "restart"),
      ...network(design, names, latency, "clk", "1'b1"),
      ...done.lines,
      ...instance(
        names.transmitter,
        "transmitter",
        [
          ["clk", "clk"],
          ["rst_n", "reset_chain[1]"],
          ["start", done.delayed],
          ["value", "found"],
          ...same(["tx"]),
        ],
        [["DIVISOR", "DIVISOR"]],
      ),
    ],
  });
}

/** Samples every bit in its middle. `drop`: a byte without a stop bit, or the line was idle for 2^GAP bit times. */
export function emitReceiver(names: ModuleNames, divisor: number, comment: readonly string[]): string {
  return moduleText({
    comment,
    name: names.receiver,
    parameters: [`DIVISOR = ${divisor}`, `GAP = ${GAP}`],
    inputs: ["clk", "rst_n", "rx"],
    outputs: ["strobe", vector(8, "octet"), "drop"],
    body: [
      "localparam TIMER = $clog2(DIVISOR);",
      "localparam [TIMER-1:0] WHOLE = DIVISOR - 1;",
      "localparam [TIMER-1:0] HALF = DIVISOR / 2 - 1;",
      "reg [2:0] line;",
      "reg [TIMER-1:0] timer;",
      "// Bits of the byte still to come, start and stop bit included; 0 when idle.",
      "reg [3:0] left;",
      "reg [7:0] shift;",
      "reg [GAP:0] gap;",
      "wire tick;",
      "wire start;",
      "assign tick = timer == {TIMER{1'b0}};",
      "assign start = (left == 4'd0) & line[2] & ~line[1];",
      "assign octet = shift;",
      "assign strobe = tick & (left == 4'd1) & line[1];",
      "assign drop = (tick & (left == 4'd1) & ~line[1]) | gap[GAP];",
      "always @(posedge clk) begin",
      "  line <= rst_n ? {line[1:0], rx} : 3'b111;",
      "  timer <= start ? HALF : (tick | !rst_n) ? WHOLE : timer - 1'b1;",
      "  if (tick) shift <= {line[1], shift[7:1]};",
      "  if (!rst_n) left <= 4'd0;",
      "  else if (start) left <= 4'd10;",
      "  else if (tick & (left == 4'd10) & line[1]) left <= 4'd0;",
      "  else if (tick & (left != 4'd0)) left <= left - 4'd1;",
      "  if (!rst_n | (left != 4'd0) | gap[GAP]) gap <= {(GAP+1){1'b0}};",
      "  else if (tick) gap <= gap + 1'b1;",
      "end",
    ],
  });
}

/** Sends one byte: the value in the low bits, least significant bit first. */
export function emitTransmitter(
  { readout }: Design,
  names: ModuleNames,
  divisor: number,
  comment: readonly string[],
): string {
  const index = indexWidth(readout.classNames.length);
  const padded = index === 8 ? "value" : `${8 - index}'d0, value`;
  return moduleText({
    comment,
    name: names.transmitter,
    parameters: [`DIVISOR = ${divisor}`],
    inputs: ["clk", "rst_n", "start", vector(index, "value")],
    outputs: ["tx"],
    body: [
      "localparam TIMER = $clog2(DIVISOR);",
      "localparam [TIMER-1:0] WHOLE = DIVISOR - 1;",
      "reg [TIMER-1:0] timer;",
      "// The bit on the line is lowest; ones come in from above, so that it rests at one.",
      "reg [8:0] shift;",
      "assign tx = shift[0];",
      "always @(posedge clk) begin",
      "  timer <= (start | !rst_n | (timer == {TIMER{1'b0}})) ? WHOLE : timer - 1'b1;",
      "  if (!rst_n) shift <= 9'h1ff;",
      `  else if (start) shift <= {${padded}, 1'b0};`,
      "  else if (timer == {TIMER{1'b0}}) shift <= {1'b1, shift[8:1]};",
      "end",
    ],
  });
}
