import { expect } from "vitest";
import { emitVerilog } from "../../../../compiler/emit/verilog/design.js";
import { plainStyle } from "../../../../compiler/map/counter.js";
import type { RtlMiter } from "../../../../compiler/verify/rtl.js";
import { createCdclSolver } from "../../../../sat/cdcl/solver.js";
import { resolveConfig } from "../../../../src/config/load.js";
import { proveVerilog } from "../../../../src/flow/prove-verilog.js";
import { testWithTool } from "../../../support/native-tool.js";
import { randomDesign } from "../../../support/random-design.js";

const design = randomDesign(3, { inputs: 40, gates: 5000, outputs: 2000 });
const config = resolveConfig({ name: "dut", verify: { native: true, together: 1000 } }, [], "test");
const emit = (): Map<string, string> => emitVerilog(design, "dut", [], plainStyle(6));

testWithTool("yosys")("modules of a large core are read and proved in processes of their own", async () => {
  const context = { config, signal: new AbortController().signal };
  const miters: RtlMiter[] = [];
  const onMiter = (miter: RtlMiter): void => void miters.push(miter);
  const { parts, json } = await proveVerilog(context, createCdclSolver, design, emit(), { onMiter });
  expect(parts.map(({ part, verdict }) => `${part}: ${verdict}`)).toEqual([
    "modules of the core: proved",
    "top: proved",
    "encoder: proved",
    "wiring of the core: proved",
    "cells: proved",
    "readout: proved",
  ]);
  expect(json).toBeNull();
  expect(miters.filter(({ part }) => part === "modules of the core").length).toBeGreaterThan(1);

  const files = emit();
  const spoil = (file: string, from: RegExp, to: string): void => {
    const after = files.get(file)!.replace(from, to);
    expect(after).not.toBe(files.get(file));
    files.set(file, after);
  };
  spoil("dut_core_p1.v", /(assign n\d+ = \S+ )&/, "$1^");
  spoil("dut_core.v", /assign y0 = (.*);/, "assign y0 = ~$1;");
  const faulty = await proveVerilog(context, createCdclSolver, design, files, {});
  expect(faulty.parts.filter(({ verdict }) => verdict === "refuted").map(({ how }) => how)).toEqual([
    expect.stringMatching(/^1 of \d+ modules, first dut_core_p1: n\d+ differs$/),
    "dut_core: y0 is not output 0 of the core",
  ]);

  spoil("dut_core_p0.v", /endmodule/, "");
  const broken = await proveVerilog(context, createCdclSolver, design, files, {});
  expect(broken.parts).toMatchObject([{ part: "modules of the core", verdict: "refuted" }]);
  expect(broken.parts[0]!.how).toMatch(/^2 of \d+ modules, first Yosys does not accept it/);

  const stop = new AbortController();
  const stopped = proveVerilog({ config, signal: stop.signal }, createCdclSolver, design, emit(), {});
  stop.abort(new Error("stopped"));
  await expect(stopped).rejects.toThrow("stopped");
});
