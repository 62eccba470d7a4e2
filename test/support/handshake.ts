import { spawnSync } from "node:child_process";
import { writeIn } from "./folder.js";

/**
 * Assertions within the skid buffer, beside a queue of two words that gets what it gets: it holds as many words, in the same
 * order, and what it offers stays until it is taken. Any state may come first, then a reset.
 */
const SKID = `
  reg started;
  initial started = 1'b0;
  reg [WIDTH-1:0] first, second, offered;
  reg [1:0] held;
  reg waiting;
  wire give, spare_top;
  assign spare_top = spare[WIDTH-1];
  assign give = valid & out_ready;
  always @(posedge clk) begin
    started <= 1'b1;
    waiting <= rst_n & valid & ~out_ready;
    offered <= data;
    if (!rst_n) held <= 2'd0;
    else held <= held + {1'b0, take} - {1'b0, give};
    if (take & (held == {1'b0, give})) first <= in_data;
    else if (give) first <= second;
    if (take) second <= in_data;
  end
  always @* begin
    if (!started) assume (!rst_n);
    if (started) begin
      assert (held == {1'b0, valid} + {1'b0, spare_valid});
      assert (valid | ~spare_valid);
      assert (~(ready & spare_valid));
      if (held != 2'd0) assert (data == first);
      if (held == 2'd2) assert (spare == second);
      if (waiting) assert (valid & (data == offered));
    end
  end
endmodule`;

/**
 * Assertions within the AXI4-Stream module: as many results are still to come as frames that ended are on their way, neither more
 * nor fewer, and an offered result stays. \`entry_spare\`, \`entry_last\` and \`exit_spare\` are tied to the skid buffers.
 */
const AXIS = (stages: string): string => `
  reg started;
  initial started = 1'b0;
  reg [7:0] owed;
  reg waiting;
  reg [31:0] offered;
  wire entry_spare, entry_last, exit_spare;
  wire [31:0] offer;
  assign offer = {m_axis_tuser, m_axis_tdata};
  always @(posedge aclk) begin
    started <= 1'b1;
    waiting <= aresetn & m_axis_tvalid & ~m_axis_tready;
    offered <= offer;
    if (!aresetn) owed <= 8'd0;
    else owed <= owed + (s_axis_tvalid & s_axis_tready & s_axis_tlast) - (m_axis_tvalid & m_axis_tready);
  end
  always @* begin
    if (!started) assume (!aresetn);
    if (started) begin
      assert (owed == (beat_valid & final_beat) + (entry_spare & entry_last) + frame${stages} + m_axis_tvalid + exit_spare);
      if (waiting) assert (m_axis_tvalid & (offer == offered));
      assert (m_axis_tlast);
    end
  end
endmodule`;

const asserting = (text: string, block: string): string =>
  text.replace(/endmodule\s*$/m, `${block.trimStart()}\n`);

/** Ports only: its outputs may be anything. */
export const hollow = (text: string): string => text.replace(/\n\);\n[\s\S]*?endmodule/, "\n);\nendmodule");

export const assertingSkid = (text: string): string => asserting(text, SKID);

/** @param stages ranks of registers behind the frame. */
export const assertingAxis = (text: string, stages: number): string =>
  asserting(text, AXIS(Array.from({ length: stages }, (_, k) => ` + stage_valid[${k}]`).join("")));

/**
 * Temporal induction in Yosys's own SAT solver over one module, flattened.
 *
 * @param ties nets that are connected after flattening, net to what drives it.
 * @returns whether every assertion is proved to hold for ever after a reset.
 */
export function provedByInduction(
  folder: string,
  texts: readonly string[],
  top: string,
  ties: Readonly<Record<string, string>> = {},
): boolean {
  const file = writeIn(folder, "formal.v", texts.join("\n"));
  const connects = Object.entries(ties).map(([net, driver]) => `connect -set ${net} ${driver}`);
  const script = [
    `read_verilog -formal ${file}`,
    `hierarchy -check -top ${top}`,
    "proc",
    "flatten",
    ...(connects.length > 0 ? [`cd ${top}`, ...connects, "cd .."] : []),
    "opt_clean",
    `sat -tempinduct -prove-asserts -set-assumes -ignore_unknown_cells -seq 1 -maxsteps 5 ${top}`,
  ];
  const { stdout, stderr, status } = spawnSync("yosys", ["-p", script.join("; ")], { encoding: "utf8" });
  if (status !== 0) throw new Error(`Yosys: ${stdout.slice(-2000)}${stderr}`);
  if (/no assert|found no/i.test(stdout)) throw new Error("nothing was asserted");
  return stdout.includes("Induction step proven: SUCCESS!");
}
