import { describe, expect } from "vitest";
import { emitVerilog } from "../../../compiler/emit/verilog/design.js";
import { emitInterface } from "../../../compiler/emit/verilog/interface/interface.js";
import { plainStyle } from "../../../compiler/map/counter.js";
import { temporaryFolder } from "../../support/folder.js";
import { assertingAxis, assertingSkid, hollow, provedByInduction } from "../../support/handshake.js";
import { testWithTool } from "../../support/native-tool.js";
import { richDesign } from "../../support/random-design.js";

const design = richDesign(1);
/** TLAST is the top bit of a word. */
const TIES = {
  entry_spare: "\\entry.spare_valid",
  entry_last: "\\entry.spare_top",
  exit_spare: "\\exit.spare_valid",
};

/** Modules of AXI4-Stream with `stages` ranks of registers in core and readout. */
function modules(stages: number): Map<string, string> {
  const latency = { core: 0, readout: stages };
  const around = emitInterface(design, "dut", [], { kind: "axi-stream", lanes: 1, latency, divisor: 104 });
  return new Map([...emitVerilog(design, "dut", [], plainStyle(6)), ...around]);
}

type Change = (text: string) => string;

function proveAxis(stages: number, change: Change, changeSkid: Change = (text) => text): boolean {
  const texts = modules(stages);
  // Registers may be anywhere in the readout: only its ports count.
  const clocked = hollow(texts.get("dut_readout.v")!);
  const readout =
    stages === 0 ? clocked : clocked.replace("(\n", "(\n  input  wire clk,\n  input  wire enable,\n");
  return provedByInduction(
    temporaryFolder(),
    [
      assertingAxis(change(texts.get("dut_axis.v")!), stages),
      assertingSkid(changeSkid(texts.get("dut_skid.v")!)),
      hollow(texts.get("dut_serial_encoder.v")!),
      hollow(texts.get("dut_core.v")!),
      readout,
    ],
    "dut_axis",
    TIES,
  );
}

const swap =
  (from: string, to: string): Change =>
  (text) => {
    expect(text).toContain(from);
    return text.replace(from, to);
  };

const yosys = testWithTool("yosys");
describe("the skid buffer, by induction", () => {
  const prove = (change: Change): boolean =>
    provedByInduction(temporaryFolder(), [assertingSkid(change(modules(0).get("dut_skid.v")!))], "dut_skid");
  yosys("is a queue: no word is lost, doubled, changed or withdrawn", () => {
    expect(prove((text) => text)).toBe(true);
  });
  yosys.each([
    ["a word lost in a stall", "spare_valid ? spare : in_data", "in_data"],
    ["a word changed while it waits", "if (move) data", "data"],
    ["a word withdrawn", "if (move) valid", "valid"],
    ["ready when full", "ready <= ~spare_next", "ready <= 1'b1"],
    ["a word doubled", "spare_next = ~move &", "spare_next ="],
  ])("and %s is found", (_what, from, to) => {
    expect(prove(swap(from, to))).toBe(false);
  });
});

describe("AXI4-Stream, by induction", () => {
  yosys.each([0, 1, 3])(
    "each frame gives exactly one result, which stays until it is taken (%i stages)",
    (stages) => {
      expect(proveAxis(stages, (text) => text)).toBe(true);
    },
  );
  yosys.each([
    ["a frame overwritten", 0, "beat_ready = advance | ~frame", "beat_ready = 1'b1"],
    ["a result doubled", 0, "else if (advance) frame <= 1'b0", "else if (advance) frame <= frame"],
    ["a stage that moves on alone", 3, "else if (advance) stage_valid", "else stage_valid"],
    ["a result lost", 1, "advance = result_ready | ~result_valid", "advance = 1'b1"],
  ] as const)("and %s is found", (_what, stages, from, to) => {
    expect(proveAxis(stages, swap(from, to))).toBe(false);
  });
});
