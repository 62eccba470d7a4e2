import { describe, expect, test } from "vitest";
import { emitVerilog } from "../../../compiler/emit/verilog/design.js";
import type { Design } from "../../../compiler/ir/design.js";
import { plainStyle, type ReadoutStyle } from "../../../compiler/map/counter.js";
import { proveRtl, type RtlPart } from "../../../compiler/verify/rtl.js";
import { createCdclSolver } from "../../../sat/cdcl/solver.js";
import { readVerilog } from "../../../src/tools/yosys.js";
import { randomDesign, richDesign, seeds } from "../../support/random-design.js";

const signal = new AbortController().signal;

/** Emit, change, read back, prove; gives the parts that are not proved. */
async function prove(
  design: Design,
  change: (files: Map<string, string>) => void = () => {},
  style: ReadoutStyle = { lutInputs: 6, carry: "lut" },
): Promise<RtlPart[]> {
  const files = emitVerilog(design, "dut", ["test"], style);
  change(files);
  const answer = await readVerilog(files, "dut_top", { native: false, signal });
  if ("error" in answer) throw new Error(answer.error);
  const parts = await proveRtl(design, "dut", answer.output, {
    createSolver: createCdclSolver,
    seed: 1,
    onPart: () => {},
  });
  expect(parts.map(({ part }) => part)).toEqual(["top", "encoder", "core", "cells", "readout"]);
  return parts.filter(({ verdict }) => verdict !== "proved");
}

test.each(seeds(3))("the emitted Verilog of a random design is proved (seed %i)", async (seed) => {
  const shape = { inputs: 9, gates: 60, outputs: 21, classes: 3 };
  expect(await prove(seed === 1 ? richDesign(seed) : randomDesign(seed, shape))).toEqual([]);
});

test("a core of several modules is proved", async () => {
  const design = randomDesign(3, { inputs: 40, gates: 5000, outputs: 2000 });
  expect([...emitVerilog(design, "dut", [], plainStyle(6)).keys()]).toContain("dut_core_p1.v");
  expect(await prove(design)).toEqual([]);
});

describe("a fault in the Verilog is refuted", () => {
  const design = richDesign(7);
  const sevenClasses = randomDesign(5, { inputs: 9, gates: 60, outputs: 35, classes: 7 });
  const CHAIN = "dut_count_7_1_1_to_4.v";
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
    ["ties go to the higher class", "cells", edit("dut_higher_3.v", "(b0 & ~a0)", "(b0 | ~a0)")],
    ["a counter's carry", "cells", edit(CHAIN, /\(\w+ & \w+\) \|/, "")],
    ["a chain without its carry input", "cells", edit(CHAIN, /added, i0_\d+\}/, "added, 1'b0}")],
    ["a chain that adds another number", "cells", edit(CHAIN, "~counted", "counted")],
    [
      "a vote that is counted twice",
      "readout",
      edit("dut_readout.v", /\.i0_0\(y\d+\),\n( *)\.i0_1\((~?y\d+)\)/, ".i0_0($2),\n$1.i0_1($2)"),
    ],
    ["a vote that is dropped", "readout", edit("dut_readout.v", /\.i0_0\(y\d+\)/, ".i0_0(1'b0)")],
    ["a dropped carry", "readout", edit("dut_readout.v", /\.i1_0\(n\d+\)/, ".i1_0(1'b0)")],
    [
      "a score that is compared with itself",
      "readout",
      edit("dut_readout.v", /\.a0\((\w+)\)([\s\S]*?)\.b0\(\w+\)/, ".a0($1)$2.b0($1)"),
    ],
    ["a class index", "readout", edit("dut_index.v", "2'd1", "2'd3")],
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

  test.each([
    ["the wrong side is chosen", "cells", edit("dut_choice_3.v", "s1 : s0", "s0 : s1")],
    [
      "another score goes on",
      "readout",
      edit("dut_readout.v", /\.s0\((\w+)\),\n( *)\.s1\((\w+)\)/, ".s0($3),\n$2.s1($1)"),
    ],
    [
      "results that changed places",
      "readout",
      edit("dut_readout.v", /\.m0_0\((\w+)\)([\s\S]*?)\.m1_0\((\w+)\)/, ".m0_0($3)$2.m1_0($1)"),
    ],
  ])("%s", async (_what, part, change) => {
    const wrong = await prove(sevenClasses, change);
    expect(wrong.map(({ verdict, part: found }) => [found, verdict])).toEqual([[part, "refuted"]]);
  });
});
