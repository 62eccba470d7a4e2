import { describe, expect, test } from "vitest";
import { Random } from "../../../base/random.js";
import { vectorsText } from "../../../compiler/emit/vectors.js";
import { emitVerilog } from "../../../compiler/emit/verilog/design.js";
import { moduleNames } from "../../../compiler/emit/verilog/names.js";
import { codeRange, encodeSamples } from "../../../compiler/ir/encoder.js";
import { plainStyle } from "../../../compiler/map/counter.js";
import { withModules } from "../../../compiler/read/yosys-json.js";
import { predict } from "../../../compiler/simulate/bit-parallel.js";
import { checkEquivalent, type EquivalenceVerdict } from "../../../compiler/verify/equivalence.js";
import { proveRtl } from "../../../compiler/verify/rtl.js";
import { judge } from "../../../compiler/verify/self-test/fault.js";
import { type Checks, type SelfTestFault, selfTest } from "../../../compiler/verify/self-test/self-test.js";
import {
  partOfFile,
  VERILOG_FAULTS,
  type VerilogFiles,
} from "../../../compiler/verify/self-test/verilog-faults.js";
import { createCdclSolver } from "../../../sat/cdcl/solver.js";
import { outcomeOf } from "../../../src/flow/outcome.js";
import { selfTestReport } from "../../../src/flow/self-test.js";
import { simulateNetlist } from "../../../src/flow/stages/simulate.js";
import { emptyReport, worst } from "../../../src/report/schema.js";
import { readVerilog } from "../../../src/tools/yosys.js";
import { richDesign, seeds } from "../../support/random-design.js";

const design = richDesign(7);
const verilog = emitVerilog(design, "dut", ["test"], plainStyle(6));
const vectors = ((): string => {
  const random = new Random(3);
  const { features } = design.encoder;
  const codes = Int32Array.from({ length: 40 * features.length }, (_, i) => {
    const [lowest, highest] = codeRange(features[i % features.length]!.type);
    return lowest + random.below(highest - lowest + 1);
  });
  return vectorsText(design, codes, predict(design, encodeSamples(design.encoder, codes, 40), 40));
})();
const subject = { design, reference: design.core, name: "dut", verilog, vectors };
const solving = { createSolver: createCdclSolver, seed: 1 };

/** Yosys takes its time: what it read once is kept. */
const read = new Map<string, Promise<string>>();
function yosys(files: VerilogFiles, top: string): Promise<string> {
  const key = [...files.values()].join("");
  const known = read.get(key);
  if (known !== undefined) return known;
  const signal = new AbortController().signal;
  const fresh = readVerilog(files, top, { native: false, signal }).then((answer) => {
    if ("error" in answer) throw new Error(answer.error);
    return answer.output;
  });
  read.set(key, fresh);
  return fresh;
}

async function readFaulty(files: VerilogFiles, changed: string): Promise<string> {
  const part = partOfFile(changed);
  const own = new Map([...files].filter(([file]) => partOfFile(file) === part));
  return withModules(await yosys(verilog, "dut_top"), await yosys(own, moduleNames("dut")[part]));
}

const CHECKS: Checks = {
  netlist: (a, b) => checkEquivalent(a, b, solving),
  async verilog(files, changed) {
    const json = await readFaulty(files, changed);
    const parts = await proveRtl(design, "dut", json, { ...solving, onPart: () => {} });
    return { verdict: worst(parts.map(({ verdict }) => verdict)) as "proved" | "refuted" | "unknown", json };
  },
  vectors: (text) => (simulateNetlist(design, text).verdict === "agreed" ? "agreed" : "refuted"),
};

const run = (changed: Partial<Checks> = {}, seed = 1, faults = 12): Promise<SelfTestFault[]> =>
  selfTest(subject, { ...CHECKS, ...changed }, { seed, faults, onFault: () => {} });
const outcomes = (faults: readonly SelfTestFault[], target: SelfTestFault["target"]): Set<string> =>
  new Set(faults.filter((fault) => fault.target === target).map(({ outcome }) => outcome));
/** For tests of the other two targets: Verilog is what takes long. */
const NO_VERILOG = { verilog: async () => ({ verdict: "refuted" as const, json: null }) };

describe("the real checks pass", () => {
  test("on faults of every kind, in netlist, Verilog and vectors", { timeout: 600_000 }, async () => {
    const faults = await run();
    expect(faults.filter(({ outcome }) => outcome !== "caught" && outcome !== "harmless")).toEqual([]);
    const kinds = faults.filter(({ target }) => target === "verilog").map(({ kind }) => kind);
    expect(kinds).toEqual(VERILOG_FAULTS.map(({ name }) => name));
    expect(faults.find(({ kind }) => kind === "commuted operands")!.outcome).toBe("harmless");
    expect(selfTestReport(faults)).toMatchObject({
      verdict: "proved",
      planted: 36,
      missed: 0,
      falseAlarms: 0,
    });
  });
  test.each(seeds(5))(
    "on many in netlist and vectors, the same for the same seed (seed %i)",
    async (seed) => {
      const faults = await run(NO_VERILOG, seed, 60);
      for (const target of ["netlist", "vectors"] as const)
        expect([...outcomes(faults, target)].sort()).toEqual(["caught", "harmless"]);
      expect(await run(NO_VERILOG, seed, 60)).toEqual(faults);
    },
  );
});

describe("a check that was made blind fails", () => {
  const statistics = {
    ...{ candidates: 0, proved: 0, refuted: 0, unknown: 0 },
    ...{ bySimulation: 0, bySat: 0, structural: 0, conflicts: 0 },
  };
  const proved: EquivalenceVerdict = { tag: "proved", statistics };
  const refuted: EquivalenceVerdict = {
    tag: "refuted",
    output: 0,
    counterexample: new Uint8Array(design.core.inputs),
  };
  test("netlists: everything is equal, everything differs, nothing is known", async () => {
    const verdictOf = async (verdict: EquivalenceVerdict): Promise<Set<string>> =>
      outcomes(await run({ ...NO_VERILOG, netlist: async () => verdict }, 1, 30), "netlist");
    expect(await verdictOf(proved)).toEqual(new Set(["missed", "harmless"]));
    expect(await verdictOf(refuted)).toEqual(new Set(["caught", "false alarm"]));
    const unknown: EquivalenceVerdict = { tag: "unknown", outputs: [0], reason: "time", statistics };
    expect(await verdictOf(unknown)).toEqual(new Set(["undecided"]));
  });
  test("vectors: everything agrees, nothing does", async () => {
    const say = async (verdict: "agreed" | "refuted"): Promise<Set<string>> =>
      outcomes(await run({ ...NO_VERILOG, vectors: () => verdict }, 1, 60), "vectors");
    expect(await say("agreed")).toEqual(new Set(["missed", "harmless"]));
    expect(await say("refuted")).toEqual(new Set(["caught", "false alarm"]));
  });
  test.each([
    ["proved", ["harmless", "missed"]],
    ["refuted", ["caught", "false alarm"]],
  ] as const)("Verilog: everything is %s", { timeout: 600_000 }, async (verdict, wanted) => {
    const blind = async (files: VerilogFiles, changed: string) => ({
      verdict,
      json: await readFaulty(files, changed),
    });
    const faults = await run({ verilog: blind });
    expect([...outcomes(faults, "verilog")].sort()).toEqual(wanted);
    expect(selfTestReport(faults).verdict).toBe("refuted");
  });
});

test("outcomes, and what the report makes of them", () => {
  expect([
    judge("refuted", true),
    judge("refuted", false),
    judge("proved", true),
    judge("proved", false),
  ]).toEqual(["caught", "false alarm", "missed", "harmless"]);
  const fault = (outcome: SelfTestFault["outcome"]): SelfTestFault => ({
    target: "netlist",
    kind: "k",
    what: "w",
    outcome,
  });
  const verdict = (...all: SelfTestFault["outcome"][]): string => selfTestReport(all.map(fault)).verdict;
  expect(verdict("caught", "harmless")).toBe("proved");
  expect(verdict("caught", "undecided")).toBe("unknown");
  expect(verdict("undecided", "missed")).toBe("refuted");
  expect(verdict("caught", "false alarm")).toBe("refuted");
  expect(verdict()).toBe("refuted");
  const report = emptyReport("d", 1);
  report.verification.selfTest = selfTestReport([fault("missed")]);
  expect(outcomeOf(report)).toEqual({ exitCode: 2, reasons: ["refuted: the self-test of the checks"] });
});
