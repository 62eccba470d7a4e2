import { invariant } from "../../base/errors.js";
import { outermostModule } from "../../compiler/emit/verilog/interface/interface.js";
import { pinsOf } from "../../compiler/emit/verilog/interface/outermost.js";
import { moduleNames } from "../../compiler/emit/verilog/names.js";
import { parseYosysJson } from "../../compiler/read/yosys-json.js";
import { NO_PART, type Part, type PartCount, partCost } from "../../compiler/synth/part-cost.js";
import type { Config } from "../config/schema.js";
import type { HardwareRecord, Report } from "../report/schema.js";
import { readModules } from "../tools/synthesis-scripts.js";
import { runYosys } from "../tools/yosys.js";
import { isClocked } from "./emitted-style.js";
import type { StageContext } from "./stage.js";

const OUTPUT = "modules.json";

/**
 * What the emitted circuit takes, part by part. Gates of encoder, core and readout are those of the report's `luts`, as
 * registers between them need none; modules with registers are read from their Verilog.
 *
 * @param files emitted Verilog, name to text.
 * @throws {UserError} if Yosys is missing or breaks.
 */
export async function hardwareCost(
  { config, report, signal }: Pick<StageContext, "config" | "report" | "signal">,
  files: ReadonlyMap<string, string>,
  latency: number,
): Promise<HardwareRecord> {
  const { interface: kind } = config.hardware;
  const { luts } = report.pruning ?? report;
  invariant(luts !== null, "LUTs are counted before Verilog is emitted");
  const found = isClocked(config) ? await clockedCost(config, files, signal) : null;
  const isSerial = kind !== "parallel" && kind !== "valid";
  const cost = (size: 4 | 6, { encoder, core, readout }: NonNullable<Report["luts"]>["lut4"]): PartCount => {
    const { luts: clocked } = found?.(size) ?? { luts: NO_PART };
    return { encoder: isSerial ? clocked.encoder : encoder, core, readout, interface: clocked.interface };
  };
  return {
    interface: kind,
    latency,
    lut4: cost(4, luts.lut4),
    lut6: cost(6, luts.lut6),
    flipFlops: found?.(6).flipFlops ?? NO_PART,
  };
}

/** Modules that have registers or hold some that have; what else they are made of are black boxes. */
async function clockedCost(
  { name, hardware, verify }: Config,
  files: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<(k: 4 | 6) => ReturnType<typeof partCost>> {
  const top = outermostModule(name, hardware.interface);
  const clocked = [...files.keys()].filter((file) => hasClock(files.get(file)!));
  const inside = new Set(clocked.flatMap((file) => instantiated(files.get(file)!)));
  const boxes = [...files.keys()].filter((file) => !clocked.includes(file) && inside.has(file));
  const request = {
    files: Object.fromEntries([...clocked, ...boxes].map((file) => [file, files.get(file)!])),
    script: readModules(clocked, boxes, top, OUTPUT),
    outputs: [OUTPUT],
  };
  const answer = await runYosys(request, { native: verify.native, signal });
  invariant(
    !("error" in answer),
    `Yosys reads the emitted modules: ${"error" in answer ? answer.error : ""}`,
  );
  const modules = parseYosysJson(answer.outputs[OUTPUT]!);
  const parts = partsOf(name, clocked);
  return (k) => partCost(modules, top, (module) => parts.get(`${module}.v`) ?? null, k);
}

const hasClock = (text: string): boolean => pinsOf(text).some(({ port }) => /^a?clk$/.test(port));

/** Files of the modules that a module instantiates. */
const instantiated = (text: string): string[] =>
  [...text.matchAll(/^ {2}(\w+) (?:#\(.*\) )?\w+ \($/gm)].map((found) => `${found[1]}.v`);

/** The part that each file is of. */
function partsOf(name: string, files: readonly string[]): Map<string, Part> {
  const { serialEncoder, core, readout } = moduleNames(name);
  const inside: Readonly<Record<string, Part>> = {
    [`${serialEncoder}.v`]: "encoder",
    [`${core}.v`]: "core",
    [`${readout}.v`]: "readout",
  };
  return new Map(files.map((file) => [file, inside[file] ?? "interface"]));
}
