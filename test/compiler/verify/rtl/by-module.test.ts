import { describe, expect, test } from "vitest";
import { trainedLike } from "../../../../bench/sat/trained-like.js";
import { emitVerilog } from "../../../../compiler/emit/verilog/design.js";
import { moduleNames } from "../../../../compiler/emit/verilog/names.js";
import { groupSumReadout } from "../../../../compiler/ir/readout.js";
import { findTarget } from "../../../../compiler/ir/target.js";
import { readoutStyle } from "../../../../compiler/map/counter.js";
import { planPipeline } from "../../../../compiler/pipeline/plan.js";
import { parseYosysJson } from "../../../../compiler/read/yosys-json.js";
import { provePart } from "../../../../compiler/verify/rtl/part.js";
import { proveRtl } from "../../../../compiler/verify/rtl.js";
import { createCdclSolver } from "../../../../sat/cdcl/solver.js";
import { readVerilog } from "../../../../src/tools/yosys.js";
import { smallEncoder } from "../../../support/random-design.js";

const target = findTarget("ice40:hx8k");
const design = {
  encoder: smallEncoder(12),
  core: trainedLike(1, { inputs: 12, layers: 12, width: 20, duplicated: 0 }).netlist,
  readout: groupSumReadout(["a", "b", "c", "d", "e"], 20),
};
const plan = planPipeline(design, target, { stages: 6 });
const names = moduleNames("dut");
const signal = new AbortController().signal;
const solving = { createSolver: createCdclSolver, seed: 1 };

/** The modules of the core one by one, then the rest with those as black boxes; gives what is not proved. */
async function prove(change: (files: Map<string, string>) => void): Promise<string[]> {
  const files = emitVerilog(design, "dut", ["test"], readoutStyle(target), plan);
  change(files);
  const answer = await readVerilog(files, "dut_top", { native: false, signal });
  if ("error" in answer) throw new Error(answer.error);
  const modules = new Map(parseYosysJson(answer.output));
  const parts = [...modules.keys()].filter(names.isPart);
  expect(parts.length).toBeGreaterThan(2);
  const proofs = [];
  for (const part of parts) {
    proofs.push(await provePart(modules, part, design.core, solving));
    modules.set(part, { ...modules.get(part)!, cells: {} });
  }
  const rest = { ...solving, latency: plan.latency, partsApart: true, onPart: () => {} };
  proofs.push(...(await proveRtl(design, "dut", modules, rest)));
  return proofs.filter(({ verdict }) => verdict !== "proved").map(({ part, how }) => `${part}: ${how}`);
}

test("a core with registers is proved module by module, and by the wiring of its modules", async () => {
  expect(await prove(() => {})).toEqual([]);
});

describe("a planted fault is found where it is", () => {
  const edit = (file: string, from: RegExp, to: string) => (files: Map<string, string>) => {
    const before = files.get(file)!;
    const after = before.replace(from, to);
    expect(after, `${file} holds ${from}`).not.toBe(before);
    files.set(file, after);
  };
  test.each([
    [
      "a gate of a module",
      edit("dut_core_p1.v", /(assign n\d+ = \S+ )&/, "$1^"),
      /^dut_core_p1: dut_core_p1: n\d+ differs/,
    ],
    ["a lost inverter", edit("dut_core_p0.v", / = ~/, " = "), /^dut_core_p0: dut_core_p0: n\d+ differs/],
    [
      "an output of a module without a driver",
      edit("dut_core_p0.v", /assign n\d+ = .*;/, ""),
      /^dut_core_p0: dut_core_p0: net \d+ has no driver/,
    ],
    [
      "an input of a module on another net",
      edit("dut_core.v", /(\bp1 \([\s\S]*?\.(n\d+)\()\2_d1\)/, "$1x0)"),
      /^wiring of the core: dut_core.p1: pin n\d+ is on another net/,
    ],
    [
      "an input of a module complemented",
      edit("dut_core.v", /(\bp1 \([\s\S]*?\.(n\d+)\()(\2_d1)\)/, "$1~$3)"),
      /^wiring of the core: dut_core.p1: pin n\d+ is on another net/,
    ],
    [
      "a vote on another net",
      edit("dut_core.v", /assign y3 = .*;/, "assign y3 = n106_d1;"),
      /^wiring of the core: dut_core: y3 is not output 3 of the core/,
    ],
    [
      "a gate between the modules",
      edit("dut_core.v", /assign y11 = (.*);/, "assign y11 = $1 & x0;"),
      /^wiring of the core: dut_core\..*: a cell of type \$_AND_/,
    ],
    [
      "an inverter that drives itself",
      edit("dut_core.v", /assign y7 = .*;/, "assign y7 = ~y7;"),
      /^wiring of the core: dut_core: net \d+ (depends on itself|has no driver)/,
    ],
    [
      "a register skipped",
      edit("dut_core.v", /(\bp1 \([\s\S]*?\.(n\d+)\()\2_d1\)/, "$1$2)"),
      /^top: dut_core: p1's inputs read nets behind/,
    ],
  ])("%s", async (_what, change, reason) => {
    const wrong = await prove(change);
    expect(wrong).toContainEqual(expect.stringMatching(reason));
  });
});
