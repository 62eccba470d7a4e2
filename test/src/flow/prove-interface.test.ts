import { describe, expect } from "vitest";
import { emitInterface } from "../../../compiler/emit/verilog/interface/interface.js";
import type { Interface } from "../../../compiler/emit/verilog/interface/kinds.js";
import type { Design } from "../../../compiler/ir/design.js";
import type { RtlPart } from "../../../compiler/verify/rtl.js";
import { createCdclSolver } from "../../../sat/cdcl/solver.js";
import { resolveConfig } from "../../../src/config/load.js";
import { proveInterface } from "../../../src/flow/prove-interface.js";
import { testWithTool } from "../../support/native-tool.js";
import { randomDesign, richDesign } from "../../support/random-design.js";

async function prove(
  design: Design,
  kind: Interface,
  lanes: number,
  change: (text: string) => string = (text) => text,
): Promise<RtlPart> {
  const tree = { name: "dut", hardware: { interface: kind, lanes }, verify: { native: true } };
  const config = resolveConfig(tree, [], "test");
  const files = new Map(
    [
      ...emitInterface(design, "dut", [], { kind, lanes, latency: { core: 0, readout: 0 }, divisor: 104 }),
    ].map(([file, text]) => [file, change(text)]),
  );
  const context = { config, signal: new AbortController().signal };
  return (await proveInterface(context, createCdclSolver, design, files))[0]!;
}

const yosys = testWithTool("yosys");
describe("the serial encoder", () => {
  const large = randomDesign(3, { inputs: 200, gates: 500, outputs: 100, classes: 10 });
  yosys.each<[Interface, number, string, Design]>([
    ["uart", 1, "rich", richDesign(1)],
    ["axi-stream", 1, "large", large],
    ["axi-stream", 3, "rich", richDesign(1)],
    ["axi-stream", 7, "large", large],
    ["axi-stream", 100, "rich", richDesign(1)],
  ])("%s with %i lanes stores what the encoder computes (%s)", async (kind, lanes, _name, design) => {
    expect(await prove(design, kind, lanes)).toMatchObject({ part: "serial encoder", verdict: "proved" });
  });

  const swap = (from: RegExp | string, to: string) => (text: string) => text.replace(from, to);
  yosys.each<[string, (text: string) => string, RegExp]>([
    ["a threshold", swap("4'd12", "4'd11"), /^rx1\[0\] differs|^x1 differs/],
    [
      "a bit of another beat",
      swap(/~column\[1\]\) \| \((t\d+) & column\[1\]\)/, "~column[0]) | ($1 & column[0])"),
      /^rx\d+\[0\] differs/,
    ],
    ["a bit that forgets", swap(/\(rx0 & ~column\[0\]\) \| /, ""), /^rx0\[0\] differs/],
    ["a row that wraps", swap("{row[0:0], 1'b0}", "{row[0:0], row[1]}"), /^row\[0\] differs/],
    [
      "the last beat",
      swap("assign last = row[1] & column[1]", "assign last = row[1] & column[0]"),
      /^last differs/,
    ],
    ["a falling edge", swap("always @(posedge clk) begin", "always @(negedge clk) begin"), /rising edge/],
    ["a lost restart", swap("if (restart) begin", "if (restart & beat) begin"), /differs/],
  ])("a fault is found: %s", async (_what, change, reason) => {
    let changed = 0;
    const counted = (text: string): string => {
      if (!text.includes("module dut_serial_encoder")) return text;
      const after = change(text);
      changed += Number(after !== text);
      return after;
    };
    const part = await prove(richDesign(1), "uart", 1, counted);
    expect([changed, part.verdict]).toEqual([1, "refuted"]);
    expect(part.how).toMatch(reason);
  });
});
