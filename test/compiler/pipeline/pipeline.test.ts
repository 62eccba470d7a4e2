import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { emitTestbench } from "../../../compiler/emit/testbench.js";
import { vectorsText } from "../../../compiler/emit/vectors.js";
import { emitVerilog } from "../../../compiler/emit/verilog/design.js";
import type { Design } from "../../../compiler/ir/design.js";
import { firstGate } from "../../../compiler/ir/netlist.js";
import { findTarget } from "../../../compiler/ir/target.js";
import { readoutStyle } from "../../../compiler/map/counter.js";
import { cellInputs, cellOutputs } from "../../../compiler/map/readout-circuit.js";
import { type PipelineGoal, type PipelinePlan, planPipeline } from "../../../compiler/pipeline/plan.js";
import { proveRtl, type RtlPart } from "../../../compiler/verify/rtl.js";
import { createCdclSolver } from "../../../sat/cdcl/solver.js";
import { simulateRtl } from "../../../src/tools/simulators.js";
import { readVerilog } from "../../../src/tools/yosys.js";
import { temporaryFolder, writeIn } from "../../support/folder.js";
import { testWithTool } from "../../support/native-tool.js";
import { randomDesign, richDesign, seeds } from "../../support/random-design.js";
import { classesOf, randomCodes } from "../../support/samples.js";

const xilinx = findTarget("xilinx:7");
const signal = new AbortController().signal;
const shape = { inputs: 12, gates: 300, outputs: 60, classes: 5 };

const emit = (design: Design, plan: PipelinePlan, target = xilinx): Map<string, string> =>
  emitVerilog(design, "dut", ["test"], readoutStyle(target), plan);

describe("the plan", () => {
  test.each(seeds(4))(
    "no net is read before it is there, and the last is there in time (seed %i)",
    (seed) => {
      const design = randomDesign(seed, shape);
      for (const name of ["xilinx:7", "ice40:up5k", "generic"]) {
        for (let stages = 1; stages <= 7; stages++) {
          const plan = planPipeline(design, findTarget(name), { stages });
          expect(plan.latency).toBe(stages);
          const { core } = design;
          for (let g = 0; g < core.kind.length; g++) {
            const own = plan.coreStage[firstGate(core) + g]!;
            expect(plan.coreStage[core.fanin0[g]! >>> 1]).toBeLessThanOrEqual(own);
            expect(plan.coreStage[core.fanin1[g]! >>> 1]).toBeLessThanOrEqual(own);
          }
          for (const literal of core.outputs)
            expect(plan.coreStage[literal >>> 1]).toBeLessThanOrEqual(plan.coreLatency);
          for (const cell of plan.circuit.cells)
            for (const literal of cellInputs(cell))
              expect(plan.netStage[literal >>> 1]).toBeLessThanOrEqual(plan.netStage[cellOutputs(cell)[0]!]!);
          expect(plan.coreLatency + plan.indexStage).toBeLessThan(stages);
        }
      }
    },
  );

  test("more stages make shorter paths, in proportion until a cell is the longest", () => {
    const design = randomDesign(1, shape);
    const periods = [1, 2, 4].map((stages) => planPipeline(design, xilinx, { stages }).period);
    expect(periods[1]).toBeLessThanOrEqual(0.65 * periods[0]!);
    expect(periods[2]).toBeLessThanOrEqual(0.4 * periods[0]!);
  });

  test("a clock rate gets the stages that it needs, or is refused", () => {
    const design = randomDesign(1, shape);
    const latencies = [20, 100, 200].map((fmax) => planPipeline(design, xilinx, { fmax }).latency);
    expect(latencies).toEqual([...latencies].sort((x, y) => x - y));
    expect(latencies[2]).toBeGreaterThan(latencies[0]!);
    expect(() => planPipeline(design, xilinx, { fmax: 5000 })).toThrow(/expected at most \d+ MHz/);
  });
});

/** Emit with a pipeline, change, read back, prove; gives the parts that are not proved. */
async function prove(
  design: Design,
  goal: PipelineGoal,
  change: (files: Map<string, string>) => void = () => {},
): Promise<RtlPart[]> {
  const plan = planPipeline(design, xilinx, goal);
  const files = emit(design, plan);
  change(files);
  const answer = await readVerilog(files, "dut_top", { native: false, signal });
  if ("error" in answer) throw new Error(answer.error);
  const parts = await proveRtl(design, "dut", answer.output, {
    createSolver: createCdclSolver,
    seed: 1,
    latency: plan.latency,
    onPart: () => {},
  });
  return parts.filter(({ verdict }) => verdict !== "proved");
}

test("exactly as many registers on every path as stages, and with wires for them the design", async () => {
  expect(await prove(richDesign(7), { stages: 4 })).toEqual([]);
});

describe("a fault in the registers is refuted", () => {
  const edit = (file: string, from: RegExp | string, to: string) => (files: Map<string, string>) => {
    const before = files.get(file)!;
    const after = before.replace(from, to);
    expect(after, `${file} holds ${from}`).not.toBe(before);
    files.set(file, after);
  };
  test.each([
    ["a register is skipped", edit("dut_readout.v", /\((~?)(\w+)_d1\)/, "($1$2)")],
    [
      "one register more at the end",
      edit(
        "dut_readout.v",
        /assign class_index = (\w+);/,
        "reg [1:0] more; always @(posedge clk) if (enable) more <= $1; assign class_index = more;",
      ),
    ],
    ["a register that no stall holds", edit("dut_core.v", "if (enable) begin", "if (1'b1) begin")],
    ["the clock as data", edit("dut_core.v", /assign y0 = .*;/, "assign y0 = clk;")],
  ])("%s", async (_what, change) => {
    const wrong = await prove(richDesign(7), { stages: 5 }, change);
    expect(wrong.map(({ verdict }) => verdict)).toContain("refuted");
  });
});

describe("the clocked testbench", () => {
  const tool = testWithTool("iverilog");
  const design = richDesign(2);
  const codes = randomCodes(design, 200, 5);
  const run = (latency: number, change: (text: string) => string = (text) => text) => {
    const folder = temporaryFolder();
    const files = emit(design, planPipeline(design, xilinx, { stages: 3 }));
    const sources = [...files].map(([name, text]) => writeIn(folder, name, change(text)));
    sources.push(writeIn(folder, "dut_tb.v", emitTestbench(design, "dut", [], latency)));
    const vectors = writeIn(folder, "vectors.txt", vectorsText(design, codes, classesOf(design, codes)));
    return simulateRtl("icarus", {
      sources,
      top: "dut_tb",
      vectors,
      work: join(folder, "work"),
      seconds: 300,
      signal,
    });
  };
  tool("agrees with the netlist, stalls and all", async () => {
    expect(await run(3)).toMatchObject({ verdict: "pass", samples: 200, mismatches: 0 });
  });
  tool("finds a class that comes an edge early, and a stage that a stall does not hold", async () => {
    const early = await run(3, (text) => text.replace("class_index = index_d1", "class_index = index"));
    expect(early.verdict).toBe("fail");
    const loose = await run(3, (text) => text.replace("if (enable) begin", "if (1'b1) begin"));
    expect(loose.verdict).toBe("fail");
  });
  tool("another latency does not elaborate", async () => {
    await expect(run(4)).rejects.toThrow(/dut_top_has_latency_3/);
  });
});

describe("the pipelined Verilog has no warnings", () => {
  const design = randomDesign(4, shape);
  const run = (tool: string, args: (files: string[]) => string[]): string => {
    const folder = temporaryFolder();
    const files = [...emit(design, planPipeline(design, xilinx, { stages: 4 }))].map(([name, text]) =>
      writeIn(folder, name, text),
    );
    const { status, stdout, stderr } = spawnSync(tool, args(files), { cwd: folder, encoding: "utf8" });
    return `${status} ${stdout}${stderr}`;
  };
  testWithTool("verilator")("Verilator", () => {
    const said = run("verilator", (files) => ["--lint-only", "-Wall", "--top-module", "dut_top", ...files]);
    expect(said).toMatch(/^0 /);
    expect(said).not.toMatch(/%(Warning|Error)/);
  });
  testWithTool("iverilog")("Icarus", () => {
    expect(run("iverilog", (files) => ["-g2005", "-Wall", "-o", "out", ...files])).toBe("0 ");
  });
  testWithTool("yosys")("Yosys", () => {
    const script = "hierarchy -check -top dut_top; proc; check -assert";
    const said = run("yosys", (files) => ["-q", "-p", `read_verilog ${files.join(" ")}; ${script}`]);
    expect(said).toBe("0 ");
  });
});
