import { expect } from "vitest";
import { findTarget } from "../../../compiler/ir/target.js";
import { moduleNamed, parseYosysJson, type YosysModule } from "../../../compiler/read/yosys-json.js";
import { withPlacedNames } from "../../../compiler/synth/placement.js";
import { proveSequential } from "../../../compiler/synth/prove-synthesised.js";
import { createCdclSolver } from "../../../sat/cdcl/solver.js";
import {
  bitstreamVerilog,
  configurationOf,
  packBitstream,
  placeAndRoute,
  unpackBitstream,
} from "../../../src/tools/nextpnr.js";
import { NETLIST, readPlain, synthesise, UNMAPPED } from "../../../src/tools/synthesis-scripts.js";
import { runYosys } from "../../../src/tools/yosys.js";
import { testWithTool } from "../../support/native-tool.js";

/** Counters with enables and resets to 0 and 1 (carry chains), a shift register, and ports of a bit each. */
const VERILOG = `module seq (input wire clk, input wire rst_n, input wire go, input wire d, output wire e, output wire f);
  reg [3:0] count; reg [2:0] shift; reg [7:0] large;
  always @(posedge clk) begin
    if (!rst_n) count <= 4'd0; else if (go) count <= count + {3'd0, shift[2]};
    shift <= {shift[1:0], d};
    if (go) large <= rst_n ? large + 8'd3 : 8'd5;
  end
  assign e = &count[2:0] ^ shift[1] ^ large[7];
  assign f = count[3] & d;
endmodule`;
const PINS = `set_io clk 21
set_io -pullup yes rst_n 78
set_io go 79
set_io d 80
set_io e 81
set_io f 87
`;
const { signal } = new AbortController();

async function yosys(files: Record<string, string>, script: string, output: string): Promise<string> {
  const answer = await runYosys({ files, script, outputs: [output] }, { native: false, signal });
  if ("error" in answer) throw new Error(answer.error);
  return answer.outputs[output]!;
}
const module = (json: string): YosysModule => moduleNamed(parseYosysJson(json), "seq");

/** One bit of the logic tile with the most bits set, the other way. */
function withFlippedBit(asc: Uint8Array): Uint8Array {
  const text = new TextDecoder().decode(asc);
  const tiles = [...text.matchAll(/^\.logic_tile .*\n(?:[01]+\n)+/gm)].map(([tile]) => tile);
  const ones = (tile: string): number => tile.split("1").length;
  const fullest = tiles.reduce((a, b) => (ones(b) > ones(a) ? b : a));
  // Columns 36 to 45 of a tile are the logic cells'.
  const rows = fullest.split("\n");
  const row = rows.findIndex((bits, r) => r > 0 && bits.slice(36, 46).includes("1"));
  const column = 36 + rows[row]!.slice(36, 46).indexOf("1");
  rows[row] = `${rows[row]!.slice(0, column)}0${rows[row]!.slice(column + 1)}`;
  return new TextEncoder().encode(text.replace(fullest, rows.join("\n")));
}

testWithTool("icebox_vlog")(
  "what a packed bitstream does is proved equal to the netlist, register by register, and a flipped bit is seen",
  async () => {
    const target = findTarget("ice40:hx1k");
    const files = { "seq.v": VERILOG };
    const json = await yosys(files, synthesise(["seq.v"], "seq", target, null), NETLIST);
    const netlist = module(await yosys(files, readPlain("seq.v", "seq"), UNMAPPED));
    const options = { device: "hx1k", package: "tq144", clock: 12, seed: 1, signal };
    const placed = await placeAndRoute(json, PINS, options);
    const judge = async (asc: Uint8Array): Promise<string> => {
      const unpacked = await unpackBitstream(await packBitstream(asc, signal), signal);
      const verilog = await bitstreamVerilog(unpacked, PINS, { ...options, module: "seq" });
      const read = module(await yosys({ "u.v": verilog }, readPlain("u.v", "seq"), UNMAPPED));
      const named = withPlacedNames(read, verilog, placed.netlist);
      const { verdict, how } = await proveSequential(netlist, named, {
        createSolver: createCdclSolver,
        seed: 1,
      });
      return `${verdict}: ${how.split(";")[0]}`;
    };
    expect(await judge(placed.asc)).toBe("proved: 15 registers matched by name");
    const damaged = withFlippedBit(placed.asc);
    expect(configurationOf(damaged)).not.toEqual(configurationOf(placed.asc));
    expect(await judge(damaged)).not.toMatch(/^proved/);
  },
  60_000,
);
