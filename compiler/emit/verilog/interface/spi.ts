import type { Design } from "../../../ir/design.js";
import { indexWidth } from "../../../ir/readout.js";
import { moduleText } from "../module.js";
import type { ModuleNames } from "../names.js";
import type { Beats } from "./beats.js";
import { cycles, delay, type Latency, network } from "./network.js";
import { beatFromBytes, storedBits } from "./serial.js";

/** Cycles of `clk` that a cycle of `sclk` takes at least: both halves pass through the synchronisers. */
export const SPI_OVERSAMPLING = 8;

/**
 * SPI mode 0, most significant bit first, as a peripheral: `cs_n` low frames a sample. MISO gives a status byte for every
 * byte of the master: the top bit says that the whole sample has arrived, the low bits are then the class.
 *
 * @remarks One register is both the byte that comes in and the one that goes out.
 */
export function emitSpi(
  design: Design,
  beats: Beats,
  names: ModuleNames,
  latency: Latency,
  comment: readonly string[],
): string {
  const done = delay("stage_valid", cycles(latency), "complete", {
    clock: "clk",
    reset: "restart",
    enable: "1'b1",
  });
  const index = indexWidth(design.readout.classNames.length);
  const padding = index === 7 ? "" : `${7 - index}'d0, `;
  return moduleText({
    comment,
    name: names.spi,
    inputs: ["clk", "rst_n", "cs_n", "sclk", "mosi"],
    outputs: ["miso"],
    body: [
      ...synchronisers(),
      ...shifter(),
      ...storedBits(design, beats, names, "clk", "restart"),
      ...beatFromBytes(beats, names, "restart"),
      ...network(design, names, latency, "clk", "1'b1"),
      "// The whole sample is stored.",
      "reg complete;",
      "always @(posedge clk) begin",
      "  if (restart) complete <= 1'b0;",
      "  else if (beat & last) complete <= 1'b1;",
      "end",
      ...done.lines,
      `assign status = {${done.delayed}, ${padding}found};`,
    ],
  });
}

/** Two flip-flops for each pin, and one more of `sclk` for its edges. */
const synchronisers = (): string[] => [
  "reg [1:0] reset_chain;",
  "reg [1:0] cs_chain;",
  "reg [2:0] sclk_chain;",
  "reg [1:0] mosi_chain;",
  "// A part without a reset starts with all flip-flops 0.",
  "initial reset_chain = 2'd0;",
  "always @(posedge clk) begin",
  "  reset_chain <= {reset_chain[0], rst_n};",
  "  cs_chain <= {cs_chain[0], cs_n};",
  "  sclk_chain <= {sclk_chain[1:0], sclk};",
  "  mosi_chain <= {mosi_chain[0], mosi};",
  "end",
  "// After a reset the rest of a frame is passed over: only when cs_n was high can one begin.",
  "reg armed;",
  "always @(posedge clk) begin",
  "  if (!reset_chain[1]) armed <= 1'b0;",
  "  else if (cs_chain[1]) armed <= 1'b1;",
  "end",
  "wire restart;",
  "wire rise;",
  "wire fall;",
  "assign restart = ~armed | cs_chain[1];",
  "assign rise = sclk_chain[1] & ~sclk_chain[2];",
  "assign fall = ~sclk_chain[1] & sclk_chain[2];",
];

/** Takes a bit at a rising edge of `sclk`, gives one at a falling edge; the status is loaded after every eighth bit. */
const shifter = (): string[] => [
  "reg [7:0] shift;",
  "reg [2:0] bits;",
  "reg taken;",
  "wire strobe;",
  "wire [7:0] octet;",
  "wire [7:0] status;",
  "assign octet = {shift[6:0], mosi_chain[1]};",
  "assign strobe = rise & (bits == 3'd7);",
  "assign miso = shift[7];",
  "always @(posedge clk) begin",
  "  if (restart) begin",
  "    shift <= 8'd0;",
  "    bits <= 3'd0;",
  "  end else if (rise) begin",
  "    bits <= bits + 3'd1;",
  "    taken <= mosi_chain[1];",
  "  end else if (fall)",
  "    shift <= (bits == 3'd0) ? status : {shift[6:0], taken};",
  "end",
];
