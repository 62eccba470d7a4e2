import { expect, test } from "vitest";
import { emitVerilog } from "../../../../compiler/emit/verilog/design.js";
import { moduleNames } from "../../../../compiler/emit/verilog/names.js";
import { findTarget } from "../../../../compiler/ir/target.js";
import { readoutStyle } from "../../../../compiler/map/counter.js";
import { designNetlist } from "../../../../compiler/map/design-netlist.js";
import { buildReadout } from "../../../../compiler/map/readout-circuit.js";
import { readoutNetlist } from "../../../../compiler/map/readout-netlist.js";
import { moduleNamed, parseYosysJson } from "../../../../compiler/read/yosys-json.js";
import { withGenericCells } from "../../../../compiler/synth/generic-cells.js";
import { proveCombinational } from "../../../../compiler/synth/prove-synthesised.js";
import { createCdclSolver } from "../../../../sat/cdcl/solver.js";
import { NETLIST, synthesise } from "../../../../src/tools/synthesis-scripts.js";
import { runYosys } from "../../../../src/tools/yosys.js";
import { randomDesign } from "../../../support/random-design.js";

test("Yosys's own netlist of a combinational design is proved, and one of another is refuted", async () => {
  const target = findTarget("ice40:hx8k");
  const style = readoutStyle(target);
  const [design, other] = [1, 2].map((seed) =>
    randomDesign(seed, { inputs: 6, gates: 30, outputs: 9, classes: 3 }),
  );
  const files = emitVerilog(design!, "tiny", [], style);
  const { top, encoder } = moduleNames("tiny");
  const script = synthesise([...files.keys()], top, target, encoder);
  const options = { native: false, signal: new AbortController().signal };
  const answer = await runYosys({ files: Object.fromEntries(files), script, outputs: [NETLIST] }, options);
  if ("error" in answer) throw new Error(answer.error);
  const netlist = withGenericCells(moduleNamed(parseYosysJson(answer.outputs[NETLIST]!), top), target.family);
  const [same, different] = [design!, other!].map((of) =>
    designNetlist(of, readoutNetlist(buildReadout(of.readout, style))),
  );
  const solve = { createSolver: createCdclSolver, seed: 1 };
  expect((await proveCombinational(same!, netlist, solve)).verdict).toBe("proved");
  expect((await proveCombinational(different!, netlist, solve)).verdict).toBe("refuted");
}, 240_000);
