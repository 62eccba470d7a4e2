import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { emitVerilog } from "../../../compiler/emit/verilog/design.js";
import { emitInterface, outermostModule } from "../../../compiler/emit/verilog/interface/interface.js";
import type { Interface } from "../../../compiler/emit/verilog/interface/kinds.js";
import type { Design } from "../../../compiler/ir/design.js";
import { plainStyle } from "../../../compiler/map/counter.js";
import { type SimulationResult, type SimulatorName, simulateRtl } from "../../../src/tools/simulators.js";
import { temporaryFolder, writeIn } from "../../support/folder.js";
import { testWithTool } from "../../support/native-tool.js";
import { randomDesign, richDesign, wideDesign } from "../../support/random-design.js";
import { interfaceSimulation } from "../../support/rtl-simulation.js";
import { randomCodes } from "../../support/samples.js";

const NONE = { core: 0, readout: 0 };

const rich = richDesign(1);
const large = randomDesign(3, { inputs: 100, gates: 800, outputs: 200, classes: 10 });
const cases: readonly { kind: Interface; lanes: number; name: string; design: Design }[] = [
  { kind: "valid", lanes: 1, name: "rich", design: rich },
  { kind: "valid", lanes: 1, name: "large", design: large },
  { kind: "axi-stream", lanes: 1, name: "rich", design: rich },
  { kind: "axi-stream", lanes: 3, name: "wide", design: wideDesign() },
  { kind: "axi-stream", lanes: 100, name: "rich", design: rich },
  { kind: "axi-stream", lanes: 4, name: "large", design: large },
  { kind: "shift", lanes: 1, name: "wide", design: wideDesign() },
  { kind: "shift", lanes: 1, name: "large", design: large },
  { kind: "uart", lanes: 1, name: "wide", design: wideDesign() },
  { kind: "uart", lanes: 1, name: "large", design: large },
];

function write(design: Design, kind: Interface, lanes: number): { folder: string; files: string[] } {
  const folder = temporaryFolder();
  const texts = [
    ...emitVerilog(design, "dut", ["c"], plainStyle(6)),
    ...emitInterface(design, "dut", ["c"], { kind, lanes, latency: NONE, divisor: 104 }),
  ];
  return { folder, files: texts.map(([name, text]) => writeIn(folder, name, text)) };
}

describe.each(cases.filter(({ name }) => name !== "large"))(
  "$kind with $lanes lanes, $name design",
  ({ kind, lanes, design }) => {
    const top = outermostModule("dut", kind);
    testWithTool("verilator")("is clean under verilator --lint-only -Wall", () => {
      const { files } = write(design, kind, lanes);
      const result = spawnSync("verilator", ["--lint-only", "-Wall", "--top-module", top, ...files], {
        encoding: "utf8",
      });
      expect([result.status, result.stderr]).toEqual([0, ""]);
    });
    testWithTool("iverilog")("compiles without a warning", () => {
      const { files, folder } = write(design, kind, lanes);
      for (const language of ["-g2005", "-g2012"]) {
        const args = [language, "-Wall", "-s", top, "-o", join(folder, "x"), ...files];
        const { status, stderr } = spawnSync("iverilog", args, { encoding: "utf8" });
        expect([status, stderr.replace(/.*timescale.*\n/g, "")]).toEqual([0, ""]);
      }
    });
    testWithTool("yosys")("passes yosys check -assert", () => {
      const { files } = write(design, kind, lanes);
      const script = `read_verilog ${files.join(" ")}; hierarchy -check -top ${top}; proc; flatten; opt_clean; check -assert`;
      const { status, stdout } = spawnSync("yosys", ["-q", "-p", script], { encoding: "utf8" });
      expect([status, stdout]).toEqual([0, ""]);
    });
  },
);

/** Run an interface's testbench over random samples, with one file changed. */
function simulate(
  simulator: SimulatorName,
  { kind, lanes, design }: (typeof cases)[number],
  samples: number,
  change: (file: string, text: string) => string = (_file, text) => text,
): Promise<SimulationResult> {
  const options = { kind, lanes, latency: NONE, divisor: 104 };
  const codes = randomCodes(design, samples, 7);
  return simulateRtl(simulator, interfaceSimulation(temporaryFolder(), design, codes, options, { change }));
}

testWithTool("iverilog").each(cases)(
  "Icarus: $kind with $lanes lanes answers every sample, $name design",
  async (one) => {
    const result = await simulate("icarus", one, 60);
    expect(result).toMatchObject({ verdict: "pass", samples: 60, mismatches: 0, reason: "" });
  },
);
/** Each is caught by the testbench, with a reason that names it. */
const mutants: readonly [
  what: string,
  kind: Interface,
  file: string,
  from: string,
  to: string,
  reason: RegExp,
][] = [
  ["a register more", "valid", "valid", "answer <= found", "answer <= class_index", /mismatch/],
  ["a cycle late", "valid", "valid", "out_valid = valid[1]", "out_valid = valid[0]", /wrong cycle/],
  [
    "a result that changes",
    "axi-stream",
    "skid",
    "if (move) data",
    "data",
    /changed while it waited|mismatch/,
  ],
  ["a result withdrawn", "axi-stream", "skid", "if (move) valid", "valid", /withdrawn|changed|no answer/],
  ["a beat lost in a stall", "axi-stream", "skid", "spare_valid ? spare : in_data", "in_data", /./],
  ["a beat twice", "axi-stream", "skid", "ready <= ~spare_next", "ready <= 1'b1", /./],
  [
    "short frames taken for whole",
    "axi-stream",
    "axis",
    "frame_wrong <= ~last",
    "frame_wrong <= 1'b0",
    /mismatch/,
  ],
  [
    "long frames taken for whole",
    "axi-stream",
    "serial_encoder",
    "{row[0:0], 1'b0}",
    "{row[0:0], row[1]}",
    /mismatch/,
  ],
  ["a frame overwritten", "axi-stream", "axis", "beat_ready = advance | ~frame", "beat_ready = 1'b1", /./],
  ["a reset that keeps the place", "axi-stream", "axis", "restart(~aresetn | ", "restart(", /./],
  ["a reset that forgets nothing", "valid", "valid", "if (!rst_n) valid", "if (1'b0) valid", /wrong cycle/],
  ["a threshold off by one", "uart", "serial_encoder", "4'd8", "4'd9", /mismatch/],
  ["an idle line that drops nothing", "uart", "receiver", " | gap[GAP];", ";", /./],
  ["a missing stop bit that drops nothing", "uart", "receiver", "~line[1]) | gap", "1'b0) | gap", /./],
  ["a surplus byte that begins no frame", "uart", "uart", "drop | (beat & last)", "drop", /no answer/],
  ["a reset that keeps the place of a byte", "uart", "uart", "~reset_chain[1] | drop", "drop", /./],
  ["an answer too early", "uart", "uart", ".start(answer[0])", ".start(beat & last)", /mismatch/],
  [
    "bytes after the sample that matter",
    "shift",
    "serial_encoder",
    "{row[0:0], 1'b0}",
    "{row[0:0], row[1]}",
    /mismatch/,
  ],
  ["a reset that frames nothing", "shift", "spi", "restart = ~armed |", "restart =", /reset in it/],
  ["an answer in a short frame", "shift", "spi", "if (beat & last) complete", "if (beat) complete", /answer/],
];
testWithTool("iverilog").each(mutants)(
  "the testbench finds %s",
  async (_what, kind, file, from, to, reason) => {
    let changed = 0;
    const one = { kind, lanes: 1, name: "rich", design: rich };
    const result = await simulate("icarus", one, kind === "axi-stream" ? 400 : 60, (name, text) => {
      if (name !== `dut_${file}.v`) return text;
      const mutant = text.replace(from, to);
      changed += Number(mutant !== text);
      return mutant;
    });
    expect([changed, result.verdict]).toEqual([1, "fail"]);
    expect(result.reason).toMatch(reason);
  },
);
