/**
 * One step of one case in a process of its own: `step.js <step> <gates> <folder> [native]`. What it did goes to standard
 * output as a line of JSON; the process that started it measures the memory of all that it starts.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { emitVerilog } from "../../compiler/emit/verilog/design.js";
import { gateCount } from "../../compiler/ir/netlist.js";
import { findTarget } from "../../compiler/ir/target.js";
import { readoutStyle } from "../../compiler/map/counter.js";
import { createCdclSolver } from "../../sat/cdcl/solver.js";
import { resolveConfig } from "../../src/config/load.js";
import type { HandOver } from "../../src/flow/emitted-style.js";
import { proveVerilog } from "../../src/flow/prove-verilog.js";
import { type Attempt, handOver, readSource, type Source } from "../../src/flow/synth/hand-over.js";
import { plainNetlist, proveSynthesised } from "../../src/flow/synth/prove.js";
import { worst } from "../../src/report/schema.js";
import { requireTool, runTool } from "../../src/tools/find-tool.js";
import { trainedLikeDesign } from "../simulate/workload.js";

/** Facts beside time and memory, such as a verdict or LUTs. */
export type Facts = Readonly<Record<string, string | number>>;
export interface StepResult {
  readonly seconds: number;
  readonly facts: Facts;
}

const [step, gates, folder, native] = process.argv.slice(2) as [string, string, string, string?];
const NAME = "big";
const signal = new AbortController().signal;
const design = trainedLikeDesign(Number(gates));
const configFor = (target: string, together: number) =>
  resolveConfig(
    { name: NAME, hardware: { target }, verify: { native: native !== undefined, together } },
    [],
    "bench",
  );
const emit = (target: string): Map<string, string> =>
  emitVerilog(design, NAME, ["bench:synth"], readoutStyle(findTarget(target)));
const emitted = (): Map<string, string> =>
  new Map(readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), "utf8")]));

async function timed(work: () => Facts | Promise<Facts>): Promise<StepResult> {
  const begin = performance.now();
  const facts = await work();
  return { seconds: (performance.now() - begin) / 1000, facts };
}

function writeVerilog(): Facts {
  mkdirSync(folder, { recursive: true });
  const files = emit("generic");
  for (const [file, text] of files) writeFileSync(join(folder, file), text);
  const bytes = [...files.values()].reduce((sum, text) => sum + text.length, 0);
  return { gates: gateCount(design.core), files: files.size, MB: Math.round(bytes / 1e5) / 10 };
}

/** A tool over the emitted files, which must have nothing to say. */
async function clean(program: string, args: (files: readonly string[]) => readonly string[]): Promise<Facts> {
  const { status, output } = await runTool(requireTool(program), args(readdirSync(folder)), {
    folder,
    seconds: 3600,
  });
  return { status: String(status), said: output.trim().split("\n")[0]!.slice(0, 120) };
}

async function prove(together: number): Promise<Facts> {
  const context = { config: configFor("generic", together), signal };
  const { parts } = await proveVerilog(context, createCdclSolver, design, emitted(), {});
  const open = parts.find(({ verdict }) => verdict !== "proved");
  return {
    verdict: worst(parts.map(({ verdict }) => verdict)),
    parts: parts.length,
    ...(open === undefined ? {} : { open: `${open.part}: ${open.how}` }),
  };
}

/** From the design to a netlist of the target's cells, LUTs mapped by us (proved apart from the time) or by Yosys. */
async function synthesise(target: string, how: HandOver): Promise<StepResult> {
  const context = { config: configFor(target, 64_000), signal };
  const top = {
    module: `${NAME}_top`,
    clock: null,
    reset: null,
    pins: [
      { port: "features", direction: "input", width: 8 * design.encoder.features.length },
      { port: "class_index", direction: "output", width: 4 },
    ] as const,
  };
  const files = emit(target);
  const proved = async (source: Source, attempt: Attempt): Promise<string> => {
    const found = await plainNetlist(context, top, attempt.json, attempt.resources);
    return (await proveSynthesised(context, source, attempt, found)).verdict;
  };
  const begin = performance.now();
  const source = await readSource(context, design, how === "luts" ? new Map() : files, top);
  const attempt = await handOver(context, source, how);
  const seconds = (performance.now() - begin) / 1000;
  const verdict = how === "luts" ? await proved(source, attempt) : "not asked";
  return { seconds, facts: { LUTs: attempt.resources.luts, carries: attempt.resources.carries, verdict } };
}

const TOP = `${NAME}_top`;
const STEPS: Readonly<Record<string, () => Promise<StepResult>>> = {
  emit: () => timed(writeVerilog),
  verilator: () =>
    timed(() => clean("verilator", (files) => ["--lint-only", "-Wall", "--top-module", TOP, ...files])),
  icarus: () =>
    timed(() => clean("iverilog", (files) => ["-g2005", "-Wall", "-t", "null", "-s", TOP, ...files])),
  yosys: () =>
    timed(() =>
      clean("yosys", (files) => [
        "-q",
        "-p",
        `read_verilog ${files.join(" ")}; hierarchy -check -top ${TOP}; proc; check -assert`,
      ]),
    ),
  "prove-by-module": () => timed(() => prove(0)),
  "prove-at-once": () => timed(() => prove(Number.MAX_SAFE_INTEGER)),
  "ice40-luts": () => synthesise("ice40:hx8k", "luts"),
  "ice40-gates": () => synthesise("ice40:hx8k", "gates"),
  "xilinx-luts": () => synthesise("xilinx:7", "luts"),
  "xilinx-gates": () => synthesise("xilinx:7", "gates"),
};

console.log(JSON.stringify(await STEPS[step]!()));
