import { describe, expect, test } from "vitest";
import { usedInputs } from "../../../compiler/emit/verilog/core.js";
import { emitVerilog } from "../../../compiler/emit/verilog/design.js";
import { emitInterface, outermostModule } from "../../../compiler/emit/verilog/interface/interface.js";
import type { Interface } from "../../../compiler/emit/verilog/interface/kinds.js";
import { featureOffsets } from "../../../compiler/ir/encoder.js";
import { indexWidth } from "../../../compiler/ir/readout.js";
import { findTarget } from "../../../compiler/ir/target.js";
import { plainStyle } from "../../../compiler/map/counter.js";
import { lutCost } from "../../../compiler/map/lut-cost.js";
import { planPipeline } from "../../../compiler/pipeline/plan.js";
import { moduleNamed, parseYosysJson } from "../../../compiler/read/yosys-json.js";
import { totalCount } from "../../../compiler/synth/part-cost.js";
import { countResources } from "../../../compiler/synth/resources.js";
import { resolveConfig } from "../../../src/config/load.js";
import { hardwareCost } from "../../../src/flow/hardware-cost.js";
import { emptyReport } from "../../../src/report/schema.js";
import { runYosys } from "../../../src/tools/yosys.js";
import { testWithTool } from "../../support/native-tool.js";
import { randomDesign } from "../../support/random-design.js";

const design = randomDesign(5, { inputs: 60, gates: 200, outputs: 40, classes: 10 });
const luts = { lut4: lutCost(design, 4), lut6: lutCost(design, 6) };
const { signal } = new AbortController();

/** What is emitted, and what it is said to take. */
async function costOf(kind: Interface, stages: number) {
  const hardware = { interface: kind, ...(stages > 0 ? { pipeline: stages } : {}) };
  const config = resolveConfig({ name: "dut", hardware, verify: { native: true } }, [], "test");
  const plan = stages > 0 ? planPipeline(design, findTarget("generic:6"), { stages }) : null;
  const core = plan?.coreLatency ?? 0;
  const latency = { core, readout: stages - core };
  const files = new Map([
    ...emitVerilog(design, "dut", [], plainStyle(6), plan),
    ...emitInterface(design, "dut", [], { kind, lanes: 1, latency, divisor: 104 }),
  ]);
  const report = { ...emptyReport("dut", 1), luts };
  return { files, cost: await hardwareCost({ config, report, signal }, files, stages) };
}

/** Flip-flops of the flat circuit as they are declared, nothing optimised. */
async function flipFlopsByYosys(files: ReadonlyMap<string, string>, kind: Interface): Promise<number> {
  const top = outermostModule("dut", kind);
  const script = [
    `read_verilog ${[...files.keys()].join(" ")}`,
    "setattr -mod -unset keep_hierarchy",
    `hierarchy -top ${top}`,
    "proc; flatten; simplemap; write_json o.json",
  ].join("; ");
  const request = { files: Object.fromEntries(files), script, outputs: ["o.json"] };
  const answer = await runYosys(request, { native: true, signal });
  if ("error" in answer) throw new Error(answer.error);
  return countResources(moduleNamed(parseYosysJson(answer.outputs["o.json"]!), top)).flipFlops;
}

test("a combinational circuit without an interface takes the LUTs of its parts, and no flip-flop", async () => {
  const { cost } = await costOf("parallel", 0);
  const none = { encoder: 0, core: 0, readout: 0, interface: 0 };
  expect(cost).toEqual({
    interface: "parallel",
    latency: 0,
    lut4: { ...luts.lut4, interface: 0 },
    lut6: { ...luts.lut6, interface: 0 },
    flipFlops: none,
  });
});

const yosys = testWithTool("yosys");
describe("of a clocked circuit", () => {
  yosys.each<[Interface, number]>([
    ["parallel", 3],
    ["valid", 3],
    ["axi-stream", 2],
    ["shift", 0],
    ["uart", 3],
  ])("flip-flops are all that the Verilog declares (%s, %i stages)", async (kind, stages) => {
    const { files, cost } = await costOf(kind, stages);
    expect(totalCount(cost.flipFlops)).toBe(await flipFlopsByYosys(files, kind));
    const isSerial = kind !== "parallel" && kind !== "valid";
    const stored = isSerial ? usedInputs(design.core).length : 0;
    expect(cost.flipFlops.encoder).toBeGreaterThanOrEqual(stored);
    expect(cost.lut4.encoder).toBeGreaterThanOrEqual(isSerial ? stored : luts.lut4.encoder);
    expect(cost.lut6.interface > 0).toBe(isSerial);
    expect(cost.flipFlops.core + cost.flipFlops.readout > 0).toBe(stages > 0);
    expect(cost.flipFlops.interface > 0).toBe(kind !== "parallel");
    expect(cost.lut4.interface).toBeGreaterThanOrEqual(cost.lut6.interface);
  });
  yosys.each([0, 3])("the valid interface has a flip-flop for each pin and stage (%i)", async (stages) => {
    const { cost } = await costOf("valid", stages);
    const pins = featureOffsets(design.encoder).at(-1)! + indexWidth(10);
    expect(cost.flipFlops).toMatchObject({ encoder: 0, interface: pins + stages + 2 });
  });
});
