import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { emitAiger } from "../../../compiler/emit/aiger.js";
import { emitBlif } from "../../../compiler/emit/blif.js";
import { emitTestbench } from "../../../compiler/emit/testbench.js";
import { vectorsText } from "../../../compiler/emit/vectors.js";
import { describeInterface, emitVerilog } from "../../../compiler/emit/verilog/design.js";
import { describeOutermost } from "../../../compiler/emit/verilog/interface/outermost.js";
import type { Design } from "../../../compiler/ir/design.js";
import { namedCore } from "../../../compiler/ir/named-netlist.js";
import { levels } from "../../../compiler/ir/netlist.js";
import { plainStyle } from "../../../compiler/map/counter.js";
import { type SimulatorName, simulateRtl } from "../../../src/tools/simulators.js";
import { temporaryFolder, writeIn } from "../../support/folder.js";
import { testWithTool } from "../../support/native-tool.js";
import { randomDesign, richDesign, seeds } from "../../support/random-design.js";
import { classesOf, randomCodes } from "../../support/samples.js";

const abc = testWithTool("berkeley-abc");
abc.each(seeds(8))("BLIF and AIGER are one function to ABC, and it finds a changed one (seed %i)", (seed) => {
  const folder = temporaryFolder();
  const { core } = randomDesign(seed, { inputs: 6, gates: 40, outputs: 6 });
  const blif = writeIn(folder, "a.blif", emitBlif(namedCore(core, "core"), ["comment"]));
  const same = writeIn(folder, "a.aig", emitAiger(namedCore(core, "core"), ["comment"]));
  const flipped = { ...core, outputs: core.outputs.map((literal, o) => (o === 2 ? literal ^ 1 : literal)) };
  const other = writeIn(folder, "b.aig", emitAiger(namedCore(flipped, "core"), []));
  const cec = (x: string, y: string): string =>
    spawnSync("berkeley-abc", ["-c", `cec ${x} ${y}`], { encoding: "utf8" }).stdout;
  expect(cec(blif, same)).toContain("Networks are equivalent");
  expect(cec(blif, other)).toContain("NOT EQUIVALENT");
});

/** A design large enough to be split into several modules. */
const large = randomDesign(3, { inputs: 40, gates: 5000, outputs: 2000 });
const designs = [
  ["rich", richDesign(1)],
  ["large", large],
] as const;

describe("Verilog", () => {
  test.each(designs)("one module a file, short lines, nettype restored (%s)", (_name, design) => {
    for (const [file, text] of emitVerilog(design, "my-design", ["comment"], plainStyle(6))) {
      expect(text.match(/^module (\w+)/m)![1]).toBe(file.replace(".v", ""));
      expect(text.match(/^\(\* .* \*\)$|^module/gm)!.length).toBeLessThanOrEqual(2);
      expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThan(140);
      expect(text.trimEnd().endsWith("`default_nettype wire")).toBe(true);
      expect(text).not.toMatch(/\/\*|verilator/i);
    }
  });
  test("the core is split by ranges of levels", () => {
    const files = emitVerilog(large, "d", [], plainStyle(6));
    expect([...files.keys()].filter((file) => /_core_p\d+\.v/.test(file)).length).toBeGreaterThan(1);
    expect(Math.max(...levels(large.core))).toBeGreaterThan(5);
  });
  test("the interface documents every input, read or not", () => {
    const design = richDesign(1);
    const options = { kind: "parallel", lanes: 1, latency: { core: 0, readout: 0 }, divisor: 104 } as const;
    const outermost = describeOutermost(
      design,
      "d",
      options,
      emitVerilog(design, "d", [], plainStyle(6)).get("d_top.v")!,
    );
    const found = JSON.parse(describeInterface(design, "d", outermost, ["d, seed 1"]));
    expect(found.generated).toEqual(["d, seed 1"]);
    expect(found.outermost).toEqual({
      ...{ interface: "parallel", module: "d_top", clock: null, reset: null, latency: 0 },
      pins: [
        { port: "features", direction: "input", width: 15 },
        { port: "class_index", direction: "output", width: 2 },
      ],
    });
    expect(found.input).toEqual({ port: "features", width: 15 });
    expect(
      found.features.map((f: { name: string; low_bit: number; read: boolean }) => [
        f.name,
        f.low_bit,
        f.read,
      ]),
    ).toEqual([
      ["grey", 0, true],
      ["signed", 4, true],
      ["never varies", 9, false],
      ["flag", 12, true],
      ["colour", 13, true],
    ]);
    expect(found.features[1]).toMatchObject({ signed: true, scale: 0.5, lowest: -8, highest: 7.5 });
  });

  const write = (design: Design): { folder: string; files: string[] } => {
    const folder = temporaryFolder();
    return {
      folder,
      files: [...emitVerilog(design, "dut", ["c"], plainStyle(6))].map(([name, text]) =>
        writeIn(folder, name, text),
      ),
    };
  };
  testWithTool("verilator").each(designs)(
    "is clean under verilator --lint-only -Wall (%s)",
    (_name, design) => {
      const { files } = write(design);
      const { status, stderr } = spawnSync(
        "verilator",
        ["--lint-only", "-Wall", "--top-module", "dut_top", ...files],
        { encoding: "utf8" },
      );
      expect([status, stderr]).toEqual([0, ""]);
    },
  );
  testWithTool("iverilog").each(designs)(
    "compiles as Verilog-2001 and as SystemVerilog without a warning (%s)",
    (_name, design) => {
      const { files, folder } = write(design);
      for (const language of ["-g2001", "-g2012"]) {
        const { status, stderr } = spawnSync(
          "iverilog",
          [language, "-Wall", "-o", join(folder, "x"), ...files],
          { encoding: "utf8" },
        );
        expect([status, stderr.replace(/.*timescale.*\n/g, "")]).toEqual([0, ""]);
      }
    },
  );
});

describe.each(["icarus", "verilator"] as const)("testbench in %s", (simulator: SimulatorName) => {
  const tool = testWithTool(simulator === "icarus" ? "iverilog" : "verilator");
  const run = (design: Design, vectors: string, change: (text: string) => string = (text) => text) => {
    const folder = temporaryFolder();
    const sources = [...emitVerilog(design, "dut", [], plainStyle(6))].map(([name, text]) =>
      writeIn(folder, name, name === "dut_core_p0.v" ? change(text) : text),
    );
    sources.push(writeIn(folder, "dut_tb.v", emitTestbench(design, "dut", [])));
    const path = vectors === "missing" ? join(folder, "none") : writeIn(folder, "vectors.txt", vectors);
    return simulateRtl(simulator, {
      sources,
      top: "dut_tb",
      vectors: path,
      work: join(folder, "work"),
      seconds: 300,
      signal: new AbortController().signal,
    });
  };
  const design = richDesign(2);
  const codes = randomCodes(design, 300, 5);
  const good = vectorsText(design, codes, classesOf(design, codes));

  tool("agrees with the netlist on every sample", async () => {
    expect(await run(design, good)).toMatchObject({
      verdict: "pass",
      samples: 300,
      mismatches: 0,
      reason: "",
    });
  });
  tool("counts flipped vectors and a flipped gate", async () => {
    const lines = good.split("\n");
    for (const s of [3, 200]) lines[s] = lines[s]!.replace(/.$/, (cls) => `${(Number(cls) + 1) % 3}`);
    expect(await run(design, lines.join("\n"))).toMatchObject({
      verdict: "fail",
      samples: 300,
      mismatches: 2,
      firstMismatch: 2,
    });
    const flipped = await run(design, good, (text) => text.replaceAll(" & ", " | "));
    expect(flipped.verdict).toBe("fail");
    expect(flipped.mismatches).toBeGreaterThan(0);
  });
  tool("fails on a vector file that is missing, empty, cut or too long", async () => {
    for (const bad of ["missing", "", good.slice(0, -6), `${good}0000 1\n`])
      expect((await run(design, bad)).verdict).toBe("fail");
  });
});

test("the testbench text has one verdict line for every end", () => {
  const text = emitTestbench(richDesign(1), "d", []);
  expect(text.match(/DBNC PASS/g)).toHaveLength(1);
  expect(text).toContain("class_index !== expected");
});
