import { mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { ExitCode, UserError } from "../../base/errors.js";
import { findTool, requireTool, runTool, type ToolResult, toolVersion } from "./find-tool.js";

export type SimulatorName = "icarus" | "verilator";

/** What the testbench said. */
export interface SimulationResult {
  /** `none`: ended without a verdict line, which is a failure; `stopped`: at the time limit, or killed by others. */
  readonly verdict: "pass" | "fail" | "none" | "stopped";
  readonly samples: number;
  readonly mismatches: number;
  /** The verdict line's reason, or the end of the log. */
  readonly reason: string;
  /** Number of the sample being sent when the first failure was found; null where there was none. */
  readonly firstMismatch: number | null;
}

export interface SimulationOptions {
  /** Verilog files of design and testbench. */
  readonly sources: readonly string[];
  /** Module of the testbench. */
  readonly top: string;
  readonly vectors: string;
  /** More of the compiler's arguments, such as `--trace`. */
  readonly compilerArguments?: readonly string[];
  /** More of the simulation's arguments, such as `+samples=100`. */
  readonly arguments?: readonly string[];
  /** Folder for what the simulator builds; emptied before and removed after. */
  readonly work: string;
  readonly seconds: number;
  readonly signal: AbortSignal;
}

/**
 * What Verilator makes a simulation with. `-fno-const-bit-op-tree`: its rewriting of trees of bit operations makes other functions
 * of some gates in 5.006 and at least up to 5.020 (test/src/tools/simulators.test.ts has such gates; verilator/verilator
 * issues 4059, 4832 and 4842).
 */
export const VERILATOR_OPTIONS = ["--timing", "-Wno-fatal", "-Wno-lint", "-fno-const-bit-op-tree"];

const PROGRAM: Readonly<Record<SimulatorName, string>> = { icarus: "iverilog", verilator: "verilator" };

export const isInstalled = (simulator: SimulatorName): boolean => findTool(PROGRAM[simulator]) !== null;

/** Name and version. @throws {UserError} with exit code 4 if it is not installed. */
export function simulatorVersion(simulator: SimulatorName): Promise<string> {
  return toolVersion(requireTool(PROGRAM[simulator]), simulator === "icarus" ? "-V" : "--version");
}

/** Compile and run a testbench. @throws {UserError} with exit code 4 if the simulator is missing or cannot compile. */
export async function simulateRtl(
  simulator: SimulatorName,
  options: SimulationOptions,
): Promise<SimulationResult> {
  const ran = await compileAndRun(simulator, options);
  if (ran.timedOut) return stopped(`stopped after ${options.seconds} s (simulate.timeout)`);
  if (ran.status === null) return stopped("killed before it ended; by a machine out of memory, it may be");
  return readVerdict(ran);
}

/** The simulation's output, or the compiler's if that ran out of time. @throws {UserError} as `simulateRtl` does. */
export async function compileAndRun(
  simulator: SimulatorName,
  options: SimulationOptions,
): Promise<ToolResult> {
  requireTool(PROGRAM[simulator]);
  rmSync(options.work, { recursive: true, force: true });
  mkdirSync(options.work, { recursive: true });
  const deadline = performance.now() + 1000 * options.seconds;
  try {
    const binary = join(resolve(options.work), "simulation");
    const [compiler, ...compilerArgs] =
      simulator === "icarus" ? icarusCommand(options, binary) : verilatorCommand(options, binary);
    const left = (): number => Math.max(0, (deadline - performance.now()) / 1000);
    const run = { folder: options.work, signal: options.signal };
    const compiled = await runTool(compiler!, [...compilerArgs, ...(options.compilerArguments ?? [])], {
      ...run,
      seconds: left(),
    });
    if (compiled.timedOut) return compiled;
    if (compiled.status !== 0) throw cannotCompile(simulator, compiled);
    const plus = [`+vectors=${resolve(options.vectors)}`, ...(options.arguments ?? [])];
    const [program, args] =
      simulator === "icarus" ? (["vvp", ["-n", binary, ...plus]] as const) : ([binary, plus] as const);
    return await runTool(program, args, { ...run, seconds: left() });
  } finally {
    rmSync(options.work, { recursive: true, force: true });
  }
}

function icarusCommand({ sources, top }: SimulationOptions, binary: string): string[] {
  return ["iverilog", "-g2005", "-s", top, "-o", binary, ...sources.map((file) => resolve(file))];
}

function verilatorCommand({ sources, top }: SimulationOptions, binary: string): string[] {
  // Compiling the generated C++ without optimisation is five times faster; the simulation is short.
  const build = [
    "--build-jobs",
    "2",
    "-MAKEFLAGS",
    "OPT_FAST=-O0",
    "-MAKEFLAGS",
    "OPT_SLOW=-O0",
    "-MAKEFLAGS",
    "OPT_GLOBAL=-O0",
  ];
  return [
    "verilator",
    "--binary",
    ...VERILATOR_OPTIONS,
    "--top-module",
    top,
    "-Mdir",
    `${binary}.dir`,
    "-o",
    binary,
    ...build,
    ...sources.map((file) => resolve(file)),
  ];
}

const stopped = (reason: string): SimulationResult => ({
  verdict: "stopped",
  samples: 0,
  mismatches: 0,
  reason,
  firstMismatch: null,
});

function cannotCompile(simulator: SimulatorName, { output }: ToolResult): UserError {
  const tail = output.trim().split("\n").slice(-6).join("\n    ");
  return new UserError(
    "tool/broke",
    `${simulator}: expected it to compile the testbench but found:\n    ${tail}`,
    "the emitted Verilog may have been changed by hand (dbnc emit writes it again), or the tool's installation is broken",
    ExitCode.toolMissing,
  );
}

/** The one verdict line; a program that fails after a passing line has not passed. */
function readVerdict({ output, status }: ToolResult): SimulationResult {
  const lines = [...output.matchAll(/^DBNC (PASS|FAIL) samples=(\d+) mismatches=(\d+)(?: reason=(.*))?$/gm)];
  const line = lines[0];
  if (lines.length !== 1 || line === undefined || (status !== 0 && line[1] === "PASS")) {
    const tail = output.trim().split("\n").slice(-4).join(" | ");
    return {
      verdict: "none",
      samples: 0,
      mismatches: 0,
      reason: `no verdict from the testbench (exit status ${status}): ${tail}`,
      firstMismatch: null,
    };
  }
  const [samples, mismatches] = [Number(line[2]), Number(line[3])];
  const verdict = line[1] === "PASS" ? "pass" : "fail";
  const first = /^sample (\d+)\b.*: expected/m.exec(output);
  const gaveUp = verdict === "fail" ? Math.max(0, samples - 1) : null;
  const firstMismatch = first === null ? gaveUp : Number(first[1]);
  return { verdict, samples, mismatches, reason: line[4] ?? "", firstMismatch };
}
