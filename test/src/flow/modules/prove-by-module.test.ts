import { describe, expect } from "vitest";
import { emitVerilog } from "../../../../compiler/emit/verilog/design.js";
import { plainStyle } from "../../../../compiler/map/counter.js";
import type { RtlMiter, RtlPart } from "../../../../compiler/verify/rtl.js";
import { createCdclSolver } from "../../../../sat/cdcl/solver.js";
import { resolveConfig } from "../../../../src/config/load.js";
import { proveVerilog } from "../../../../src/flow/prove-verilog.js";
import { testWithTool } from "../../../support/native-tool.js";
import { randomDesign } from "../../../support/random-design.js";

const design = randomDesign(3, { inputs: 40, gates: 3500, outputs: 1500 });
const config = resolveConfig({ name: "dut", verify: { native: true, together: 1000 } }, [], "test");

/** Emit, change, read back and prove module by module. */
async function prove(
  change: (spoil: (file: string, from: RegExp, to: string) => void) => void,
  onMiter: (miter: RtlMiter) => void = () => {},
  signal = new AbortController().signal,
): Promise<readonly RtlPart[]> {
  const files = emitVerilog(design, "dut", [], plainStyle(6));
  change((file, from, to) => {
    const after = files.get(file)!.replace(from, to);
    expect(after).not.toBe(files.get(file));
    files.set(file, after);
  });
  const { parts, json } = await proveVerilog({ config, signal }, createCdclSolver, design, files, {
    onMiter,
  });
  expect(json).toBeNull();
  return parts;
}

const yosys = testWithTool("yosys");
describe("a large core is read and proved module by module in processes", () => {
  yosys("which prove all of it", async () => {
    const miters: RtlMiter[] = [];
    const parts = await prove(
      () => {},
      (miter) => void miters.push(miter),
    );
    expect(parts.map(({ part, verdict }) => `${part}: ${verdict}`)).toEqual([
      "modules of the core: proved",
      "top: proved",
      "encoder: proved",
      "wiring of the core: proved",
      "cells: proved",
      "readout: proved",
    ]);
    expect(miters.filter(({ part }) => part === "modules of the core").length).toBeGreaterThan(1);
  });

  yosys("which find a fault in a module, and one between the modules", async () => {
    const parts = await prove((spoil) => {
      spoil("dut_core_p1.v", /(assign n\d+ = \S+ )&/, "$1^");
      spoil("dut_core.v", /assign y0 = (.*);/, "assign y0 = ~$1;");
    });
    expect(parts.filter(({ verdict }) => verdict === "refuted").map(({ how }) => how)).toEqual([
      expect.stringMatching(/^1 of \d+ modules, first dut_core_p1: n\d+ differs$/),
      "dut_core: y0 is not output 0 of the core",
    ]);
  });

  yosys("which refute what Yosys does not accept", async () => {
    const parts = await prove((spoil) => spoil("dut_core_p0.v", /endmodule/, ""));
    expect(parts).toMatchObject([{ part: "modules of the core", verdict: "refuted" }]);
    expect(parts[0]!.how).toMatch(/^1 of \d+ modules, first Yosys does not accept it/);
  });

  yosys("which refute what Yosys does not accept beside them", async () => {
    const parts = await prove((spoil) => spoil("dut_encoder.v", /endmodule/, ""));
    expect(parts).toMatchObject([
      { part: "modules of the core", verdict: "proved" },
      { part: "files", verdict: "refuted", how: expect.stringMatching(/^Yosys does not accept them/) },
    ]);
  });

  yosys("which stop when they are told to", async () => {
    const stop = new AbortController();
    const stopped = prove(
      () => {},
      () => {},
      stop.signal,
    );
    stop.abort(new Error("stopped"));
    await expect(stopped).rejects.toThrow("stopped");
  });
});
