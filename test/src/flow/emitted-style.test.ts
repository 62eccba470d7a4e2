import { expect, test } from "vitest";
import { emitVerilog } from "../../../compiler/emit/verilog/design.js";
import { emitInterface, outermostModule } from "../../../compiler/emit/verilog/interface/interface.js";
import { pinsOf } from "../../../compiler/emit/verilog/interface/outermost.js";
import { findTarget } from "../../../compiler/ir/target.js";
import { plainStyle, type ReadoutStyle, readoutStyle } from "../../../compiler/map/counter.js";
import { resolveConfig } from "../../../src/config/load.js";
import type { Config } from "../../../src/config/schema.js";
import { emittedStyle } from "../../../src/flow/emitted-style.js";
import { interfaceOptions } from "../../../src/flow/interface-options.js";
import { handOver, readSource } from "../../../src/flow/synth/hand-over.js";
import { testWithTool } from "../../support/native-tool.js";
import { randomDesign } from "../../support/random-design.js";

const design = randomDesign(4, { inputs: 40, gates: 200, outputs: 160, classes: 4 });
const target = findTarget("ice40:hx8k");
const configOf = (hardware: object, handover: string): Config =>
  resolveConfig(
    {
      name: "dut",
      hardware: { target: target.name, ...hardware },
      synth: { handover },
      verify: { native: true },
    },
    [],
    "test",
  );

test.each([
  ["valid", null, "luts", plainStyle(4)],
  ["uart", null, "luts", plainStyle(4)],
  ["parallel", 3, "luts", plainStyle(4)],
  ["uart", null, "gates", readoutStyle(target)],
  ["uart", null, "auto", readoutStyle(target)],
  ["parallel", null, "luts", readoutStyle(target)],
])("the readout is made for who maps it: %s, pipeline %s, %s", (kind, pipeline, handover, style) => {
  expect(emittedStyle(configOf({ interface: kind, pipeline }, handover), design)).toEqual(style);
});

testWithTool("yosys")(
  "our mapper needs fewer LUTs for a clocked circuit than with carry chains",
  async () => {
    const config = configOf({ interface: "shift" }, "luts");
    const options = interfaceOptions(config, design);
    const context = { config, signal: new AbortController().signal };
    const lutsWith = async (style: ReadoutStyle): Promise<number> => {
      const files = new Map([
        ...emitVerilog(design, "dut", [], style),
        ...emitInterface(design, "dut", [], options),
      ]);
      const module = outermostModule("dut", options.kind);
      const top = { module, clock: "clk", reset: "rst_n", pins: pinsOf(files.get(`${module}.v`)!) };
      const source = await readSource(context, design, files, top);
      return (await handOver(context, source, "luts")).resources.luts;
    };
    const [ours, carry] = [
      await lutsWith(emittedStyle(config, design)),
      await lutsWith(readoutStyle(target)),
    ];
    expect(ours).toBeLessThan(0.9 * carry);
  },
);
