import type { Design } from "../../ir/design.js";
import { indexWidth } from "../../ir/readout.js";
import type { Beats } from "../verilog/interface/beats.js";
import { SPI_OVERSAMPLING } from "../verilog/interface/spi.js";
import { moduleNames } from "../verilog/names.js";
import { benchText, connected, sentFields } from "./common.js";

/** Half a cycle of `sclk` in nanoseconds, at the highest rate; not in step with the clock. */
const HALF = (10 * SPI_OVERSAMPLING) / 2 + 1;

/** The master: mode 0, most significant bit first. */
const master = (index: number): string[] => [
  "reg cs_n;",
  "reg sclk;",
  "reg mosi;",
  "wire miso;",
  "reg [7:0] status;",
  "integer bits, tries;",
  "",
  "// Sends one byte; `status` is the one that came back.",
  "task exchange(input [7:0] value);",
  "  begin",
  "    for (bits = 7; bits >= 0; bits = bits - 1) begin",
  "      mosi = value[bits];",
  `      #${HALF} sclk = 1;`,
  "      status = {status[6:0], miso};",
  `      #${HALF} sclk = 0;`,
  "    end",
  "  end",
  "endtask",
  "",
  "task begin_frame;",
  "  begin",
  `    #${4 * HALF} cs_n = 0;`,
  `    #${2 * HALF};`,
  "  end",
  "endtask",
  "",
  "task end_frame;",
  "  begin",
  `    #${HALF} cs_n = 1;`,
  `    #${4 * HALF};`,
  "  end",
  "endtask",
  "",
  "// Until the status says that the sample is whole; an answer in every byte then.",
  "task read_answer;",
  "  begin",
  "    tries = 0;",
  "    status = 0;",
  "    while (!status[7] && tries < 20) begin",
  "      exchange(8'hff);",
  "      tries = tries + 1;",
  "    end",
  `    if (status[7]) answer(1'b0, status[${index - 1}:0]);`,
  "  end",
  "endtask",
];

/** A byte of the frame: of each feature the most significant first. */
export const byteOf = ({ width }: Beats): string => {
  const bytes = width / 8;
  return bytes === 1
    ? "sent[8 * k +: 8]"
    : `sent[${width} * (k / ${bytes}) + 8 * (${bytes - 1} - k % ${bytes}) +: 8]`;
};

/** Testbench of `<name>_spi`: among the samples short and long frames and resets in mid-frame. */
export function spiTestbench(design: Design, name: string, beats: Beats, comment: readonly string[]): string {
  const names = moduleNames(name);
  const bytes = (beats.count * beats.width) / 8;
  const index = indexWidth(design.readout.classNames.length);
  const send = (count: string): string => `for (k = 0; k < ${count}; k = k + 1) exchange(${byteOf(beats)});`;
  return benchText(design, {
    comment,
    name: `${names.spi}_tb`,
    body: [
      ...sentFields(design, beats),
      ...master(index),
      ...connected(names.spi, ["clk", "rst_n", "cs_n", "sclk", "mosi", "miso"]),
    ],
    stimulus: [
      "cs_n = 1;",
      "sclk = 0;",
      "mosi = 0;",
      "reset_circuit;",
      "while (samples < limit && !done) begin",
      "  noise = shuffled(noise);",
      `  cut = noise[15:0] % ${bytes};`,
      "  if (noise[26:24] == 3'd1) begin",
      "    // A short frame: no status says that it is whole.",
      "    begin_frame;",
      `    ${send(`cut`)}`,
      '    if (status[7] && k > 0) finish_with(1, "a short frame was answered");',
      "    end_frame;",
      "  end",
      "  if (noise[26:24] == 3'd2) begin",
      "    // A reset in mid-frame: the rest of it is passed over.",
      "    begin_frame;",
      `    ${send(`cut`)}`,
      "    reset_circuit;",
      `    ${send(`${bytes + 1}`)}`,
      '    if (status[7]) finish_with(1, "a frame with a reset in it was answered");',
      "    end_frame;",
      "  end",
      "  next_sample;",
      "  #1;",
      "  begin_frame;",
      `  ${send(`${bytes}`)}`,
      '  if (status[7]) finish_with(1, "an answer before the last byte");',
      "  expect_answer(1'b0);",
      "  read_answer;",
      "  // A long frame: what comes after the sample does not matter, and the answer stays.",
      "  if (noise[26:24] == 3'd3) begin",
      `    for (k = 0; k <= cut; k = k + 1) exchange(~${byteOf(beats)});`,
      "    expect_answer(1'b0);",
      "    read_answer;",
      "  end",
      "  end_frame;",
      "end",
    ],
    patience: 200,
    frame: 100 * bytes + 1000,
  });
}
