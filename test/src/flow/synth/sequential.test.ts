import { expect, test } from "vitest";
import { findTarget } from "../../../../compiler/ir/target.js";
import { moduleNamed, parseYosysJson, type YosysModule } from "../../../../compiler/read/yosys-json.js";
import { withGenericCells } from "../../../../compiler/synth/generic-cells.js";
import { mapModule } from "../../../../compiler/synth/map-module.js";
import { yosysJson } from "../../../../compiler/synth/mapped-module.js";
import { proveSequential } from "../../../../compiler/synth/prove-synthesised.js";
import { countResources, flipFlopTypes } from "../../../../compiler/synth/resources.js";
import { createCdclSolver } from "../../../../sat/cdcl/solver.js";
import { cellModels } from "../../../../src/flow/synth/models.js";
import {
  finishMapped,
  GATES,
  NETLIST,
  RTL,
  readForMapping,
  UNMAPPED,
  unmapFlipFlops,
} from "../../../../src/tools/synthesis-scripts.js";
import { runYosys } from "../../../../src/tools/yosys.js";

/** A module within another, a counter with enable and reset, a shift register, a register that never changes, and one that nothing reads. */
const VERILOG = `module later (input wire clk, input wire d, output reg q);
  always @(posedge clk) q <= d;
endmodule
module seq (input wire clk, input wire rst_n, input wire go, input wire d, output wire [3:0] q, output wire e);
  reg [3:0] count; reg [2:0] shift; reg zero; reg idle;
  initial zero = 1'b0;
  always @(posedge clk) begin
    if (!rst_n) count <= 4'd0; else if (go) count <= count + {3'd0, shift[2] ^ zero};
    shift <= {shift[1:0], d};
    zero <= 1'b0;
    idle <= go;
  end
  wire old;
  later later (.clk(clk), .d(d ^ go), .q(old));
  assign q = count;
  assign e = &count[2:0] ^ shift[1] ^ old;
endmodule`;

async function yosys(
  files: Record<string, string>,
  script: string,
  ...outputs: string[]
): Promise<YosysModule[]> {
  const options = { native: false, signal: new AbortController().signal };
  const answer = await runYosys({ files, script, outputs }, options);
  if ("error" in answer) throw new Error(answer.error);
  return outputs.map((file) => moduleNamed(parseYosysJson(answer.outputs[file]!), "seq"));
}

test.each(["ice40:hx8k", "xilinx:7"])(
  "registers of %s, mapped and read back, are those of the Verilog",
  async (name) => {
    const target = findTarget(name);
    const script = readForMapping(["seq.v"], "seq", target);
    const [rtl, gates] = await yosys({ "seq.v": VERILOG }, script, RTL, GATES);
    const mapped = yosysJson("seq", mapModule(gates!, target.family, target.lutInputs));
    const [netlist] = await yosys({ "m.json": mapped }, finishMapped("m.json", "seq", target), NETLIST);
    expect(countResources(netlist!)).toMatchObject({ flipFlops: 8, carries: 0 });
    // Newer versions of Yosys leave notes about the hierarchy.
    expect(Object.keys(countResources(netlist!).cells).filter((type) => type.startsWith("$"))).toEqual([]);
    const types = flipFlopTypes(countResources(netlist!));
    const models = await cellModels(target, types, false);
    const back = { "n.json": yosysJson("seq", netlist!), "models.v": models };
    const [unmapped] = await yosys(back, unmapFlipFlops("n.json", "models.v"), UNMAPPED);
    const options = { createSolver: createCdclSolver, seed: 1 };
    const found = withGenericCells(unmapped!, target.family);
    expect(await proveSequential(rtl!, found, options)).toMatchObject({ verdict: "proved" });
    // Another function in one LUT: not proved.
    const [cell, lut] = Object.entries(found.cells).find(([, { type }]) => type === "$lut")!;
    const table = [...String(lut.parameters!["LUT"])].map((bit) => (bit === "1" ? "0" : "1")).join("");
    const broken = { ...found, cells: { ...found.cells, [cell]: { ...lut, parameters: { LUT: table } } } };
    expect((await proveSequential(rtl!, broken, options)).verdict).toBe("unknown");
  },
  60_000,
);
