import { describe, expect, test } from "vitest";
import { emitVerilog } from "../../../compiler/emit/verilog/design.js";
import type { Design } from "../../../compiler/ir/design.js";
import { proveRtl, type RtlPart } from "../../../compiler/verify/rtl.js";
import { createCdclSolver } from "../../../sat/cdcl/solver.js";
import { readVerilog } from "../../../src/tools/yosys.js";
import { randomDesign, richDesign, seeds } from "../../support/random-design.js";

const signal = new AbortController().signal;

/** Emit, change, read back, prove; gives the parts that are not proved. */
async function prove(
  design: Design,
  change: (files: Map<string, string>) => void = () => {},
): Promise<RtlPart[]> {
  const files = emitVerilog(design, "dut", ["test"]);
  change(files);
  const answer = await readVerilog(files, "dut_top", { native: false, signal });
  if ("error" in answer) throw new Error(answer.error);
  const parts = await proveRtl(design, "dut", answer.output, {
    createSolver: createCdclSolver,
    seed: 1,
    onPart: () => {},
  });
  expect(parts.map(({ part }) => part)).toEqual([
    "top",
    "encoder",
    "core",
    "adder cells",
    "matches",
    "readout",
  ]);
  return parts.filter(({ verdict }) => verdict !== "proved");
}

test.each(seeds(3))("the emitted Verilog of a random design is proved (seed %i)", async (seed) => {
  const shape = { inputs: 9, gates: 60, outputs: 21, classes: 3 };
  expect(await prove(seed === 1 ? richDesign(seed) : randomDesign(seed, shape))).toEqual([]);
});

test("a core of several modules is proved", async () => {
  const design = randomDesign(3, { inputs: 40, gates: 5000, outputs: 2000 });
  expect([...emitVerilog(design, "dut", []).keys()]).toContain("dut_core_p1.v");
  expect(await prove(design)).toEqual([]);
});

describe("a fault in the Verilog is refuted", () => {
  const design = richDesign(7);
  const edit = (file: string, from: RegExp | string, to: string) => (files: Map<string, string>) => {
    const before = files.get(file)!;
    const after = before.replace(from, to);
    expect(after, `${file} holds ${from}`).not.toBe(before);
    files.set(file, after);
  };
  test.each([
    ["a gate's AND becomes OR", "core", edit("dut_core_p0.v", " & ", " | ")],
    ["a lost complement", "core", edit("dut_core_p0.v", / = ~/, " = ")],
    [
      "an output of the core reads another net",
      "core",
      edit("dut_core.v", /assign y0 = .*;/, "assign y0 = 1'b0;"),
    ],
    ["an undriven output", "core", edit("dut_core.v", /assign y0 = .*;/, "")],
    ["an output that is x", "core", edit("dut_core.v", /assign y0 = .*;/, "assign y0 = 1'bx;")],
    ["a net with two drivers", "core", edit("dut_core.v", "endmodule", "assign y0 = x0;\nendmodule")],
    [
      "a latch",
      "core",
      edit("dut_core.v", /assign y0 = (.*);/, "reg held; always @* if (x0) held = $1; assign y0 = held;"),
    ],
    ["a threshold that is off by one", "encoder", edit("dut_encoder.v", "4'd8", "4'd9")],
    [
      "a signed comparison made unsigned",
      "encoder",
      edit("dut_encoder.v", /\(\$signed\((.*?)\) >= 5'sd3\)/, "($1 >= 5'd3)"),
    ],
    ["a category code", "encoder", edit("dut_encoder.v", "== 2'd1", "== 2'd2")],
    [
      "ties go to the higher class",
      "matches",
      edit("dut_last_match.v", "score_b > score_a", "score_b >= score_a"),
    ],
    ["ties within the tournament", "matches", edit("dut_match.v", "score_b > score_a", "score_b >= score_a")],
    ["a full adder's carry", "adder cells", edit("dut_full_adder.v", "(a & b) |", "(a & b) &")],
    [
      "a vote that is counted twice",
      "readout",
      edit("dut_readout.v", /\.a\(y\d+\), \.b\((y\d+)\)/, ".a($1), .b($1)"),
    ],
    ["a vote that is dropped", "readout", edit("dut_readout.v", /\.a\(y\d+\)/, ".a(1'b0)")],
    ["a dropped carry", "readout", edit("dut_readout.v", /\.c\(n\d+\)/, ".c(1'b0)")],
    [
      "classes that changed places",
      "readout",
      edit("dut_readout.v", /\.index_a\(\{1'b0, 1'b0\}\)/, ".index_a({1'b0, 1'b1})"),
    ],
    [
      "two crossed pins in the top",
      "top",
      edit("dut_top.v", ".y0(y0),\n    .y1(y1)", ".y0(y1),\n    .y1(y0)"),
    ],
    ["an extra port", "top", edit("dut_top.v", "output wire", "input wire clock,\n  output wire")],
    ["a wider result", "top", edit("dut_top.v", "[1:0] class_index", "[2:0] class_index")],
  ])("%s", async (_what, part, change) => {
    const wrong = await prove(design, change);
    expect(wrong.map(({ verdict }) => verdict)).toContain("refuted");
    expect(wrong.map((p) => p.part)).toContain(part);
  });
});
