import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname, resolve } from "node:path";
import { compileAndRun, type SimulationOptions, type SimulatorName } from "./simulators.js";

export type WaveFormat = "vcd" | "fst";

export interface WaveOptions {
  readonly format: WaveFormat;
  /** File to write. */
  readonly file: string;
  /** First sample, and how many. */
  readonly from: number;
  readonly samples: number;
}

/**
 * Waves of every net of the design over some samples, by a run of the testbench of their own.
 *
 * The same circuit and samples give the same bytes: the date that simulators write into the file is taken out.
 *
 * @returns null, or why there is no file.
 * @throws {UserError} with exit code 4 if the simulator is missing or cannot compile.
 */
export async function recordWaves(
  simulator: SimulatorName,
  options: SimulationOptions,
  { format, file, from, samples }: WaveOptions,
): Promise<string | null> {
  rmSync(file, { force: true });
  mkdirSync(dirname(file), { recursive: true });
  const trace = { vcd: "--trace", fst: "--trace-fst" }[format];
  const plus = [`+waves=${resolve(file)}`, `+waves_from=${from}`, `+waves_samples=${samples}`];
  const ran = await compileAndRun(simulator, {
    ...options,
    compilerArguments: simulator === "verilator" ? [trace] : [],
    arguments: simulator === "icarus" && format === "fst" ? ["-fst", ...plus] : plus,
  });
  if (ran.timedOut) return `stopped after ${options.seconds} s (simulate.timeout)`;
  if (!/^DBNC WAVES /m.test(ran.output) || !existsSync(file))
    return `no waves from the testbench: ${ran.output.trim().split("\n").slice(-2).join(" | ")}`;
  removeDate(file, format);
  return null;
}

/** Where the header of an FST file holds the date, and for how long ("Block types" in GTKWave's manual, appendix F). */
const FST_DATE = { at: 202, bytes: 26 };

function removeDate(file: string, format: WaveFormat): void {
  if (format === "vcd") {
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace(/^\$date\s[^$]*\$end\s*/, ""));
    return;
  }
  const descriptor = openSync(file, "r+");
  try {
    writeSync(descriptor, new Uint8Array(FST_DATE.bytes), 0, FST_DATE.bytes, FST_DATE.at);
  } finally {
    closeSync(descriptor);
  }
}
