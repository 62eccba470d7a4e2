import { createRequire } from "node:module";
import { z } from "zod";
import { ExitCode, UserError } from "../../base/errors.js";
import { findTool, toolVersion } from "./find-tool.js";
import { runOnFiles } from "./tool-files.js";

const BUNDLE = "@yowasp/nextpnr-ice40";
const NATIVE = "nextpnr-ice40";

export interface PlaceOptions {
  /** Such as `up5k`. */
  readonly device: string;
  readonly package: string;
  /** MHz to aim at. */
  readonly clock: number;
  readonly seed: number;
  readonly signal: AbortSignal;
}

/** A placed and routed design. */
export interface Placed {
  readonly seed: number;
  /** MHz of the slowest clock; null without one. */
  readonly fmax: number | null;
  readonly logicCells: number;
  /** The configuration as icestorm's text. */
  readonly asc: Uint8Array;
  /** nextpnr's netlist, with the place of every cell. */
  readonly netlist: string;
}

/** The package, or this machine's programs; which is found first. @throws {UserError} with exit code 4 without either. */
function isNative(): boolean {
  try {
    createRequire(import.meta.url).resolve(BUNDLE);
    return false;
  } catch {
    if (findTool(NATIVE) !== null) return true;
    throw new UserError(
      "tool/missing",
      `place and route: expected ${BUNDLE} or ${NATIVE} but found neither`,
      `npm install --save-optional ${BUNDLE} (223 MB), or install nextpnr-ice40 and fpga-icestorm (scripts/install-tools does on Debian and Ubuntu)`,
      ExitCode.toolMissing,
    );
  }
}

/** Name and version. @throws {UserError} with exit code 4 when there is none. */
export async function nextpnrVersion(): Promise<string> {
  if (isNative()) return toolVersion(NATIVE, "--version");
  const { version } = (await import(BUNDLE)) as { readonly version: string };
  return `${BUNDLE} ${version}`;
}

const Report = z.object({
  fmax: z.record(z.string(), z.object({ achieved: z.number() })),
  utilization: z.record(z.string(), z.object({ used: z.number() })),
});

async function run(
  program: string,
  args: readonly string[],
  files: Readonly<Record<string, string | Uint8Array>>,
  outputs: readonly string[],
  signal: AbortSignal,
): Promise<{ readonly log: string; readonly outputs: Readonly<Record<string, Uint8Array>> }> {
  const request = { bundle: BUNDLE, program, args, files, outputs };
  const answer = await runOnFiles(request, { native: isNative(), signal });
  if (!("error" in answer)) return answer;
  throw broke(program, answer.error);
}

function broke(program: string, log: string): UserError {
  const complaint = log.split("\n").filter((line) => /error/i.test(line));
  return new UserError(
    "tool/broke",
    `${program}: expected a result but found: ${complaint.slice(0, 3).join(" ") || log.slice(-200)}`,
    "see docs/bitstream.md",
    ExitCode.toolMissing,
  );
}

const netlistArguments = ({ device, package: name, clock, seed }: PlaceOptions): string[] => [
  ...[`--${device}`, "--package", name, "--json", "netlist.json", "--pcf", "pins.pcf"],
  ...["--freq", `${clock}`, "--seed", `${seed}`],
];

/**
 * Logic cells that the packer needs, whether the device has so many or not: more than the netlist's own count, as not every flip-flop
 * shares a cell with a LUT and carry chains have ends.
 */
export async function packedCells(json: string, pins: string, options: PlaceOptions): Promise<number> {
  const files = { "netlist.json": json, "pins.pcf": pins };
  const { log } = await run(NATIVE, [...netlistArguments(options), "--pack-only"], files, [], options.signal);
  const cells = /ICESTORM_LC: *(\d+)/.exec(log)?.[1];
  if (cells === undefined) throw broke(NATIVE, log);
  return Number(cells);
}

/** Place and route once. @param json Yosys's netlist. @param pins constraints (PCF). */
export async function placeAndRoute(json: string, pins: string, options: PlaceOptions): Promise<Placed> {
  const args = [
    ...netlistArguments(options),
    ...["--timing-allow-fail", "--quiet"],
    ...["--asc", "placed.asc", "--report", "report.json", "--write", "placed.json"],
  ];
  const files = { "netlist.json": json, "pins.pcf": pins };
  const written = ["placed.asc", "report.json", "placed.json"];
  const { outputs } = await run(NATIVE, args, files, written, options.signal);
  const { fmax, utilization } = Report.parse(JSON.parse(new TextDecoder().decode(outputs["report.json"])));
  const clocks = Object.values(fmax).map(({ achieved }) => achieved);
  return {
    seed: options.seed,
    fmax: clocks.length === 0 ? null : Math.round(100 * Math.min(...clocks)) / 100,
    logicCells: utilization["ICESTORM_LC"]?.used ?? 0,
    asc: outputs["placed.asc"]!,
    netlist: new TextDecoder().decode(outputs["placed.json"]),
  };
}

/** Pack a configuration into the bitstream that the device loads. */
export async function packBitstream(asc: Uint8Array, signal: AbortSignal): Promise<Uint8Array> {
  const args = ["placed.asc", "packed.bin"];
  const files = { "placed.asc": asc };
  return (await run("icepack", args, files, ["packed.bin"], signal)).outputs["packed.bin"]!;
}

/** A bitstream back as a configuration. */
export async function unpackBitstream(bitstream: Uint8Array, signal: AbortSignal): Promise<Uint8Array> {
  const args = ["packed.bin", "unpacked.asc"];
  const files = { "packed.bin": bitstream };
  return (await run("iceunpack", args, files, ["unpacked.asc"], signal)).outputs["unpacked.asc"]!;
}

const READER = "icebox_vlog";

/** Whether `bitstreamVerilog` can be had: icestorm's reader is on the PATH. */
export const canReadBitstreams = (): boolean => findTool(READER) !== null;

/**
 * What a configuration does, as icestorm's reader writes it in Verilog.
 *
 * @param pins constraints (PCF), whose ports the module gets.
 * @throws {UserError} with exit code 4 if the reader is missing or breaks.
 */
export async function bitstreamVerilog(
  asc: Uint8Array,
  pins: string,
  { package: name, module, signal }: Pick<PlaceOptions, "package" | "signal"> & { readonly module: string },
): Promise<string> {
  // The reader knows no options of set_io.
  const files = { "unpacked.asc": asc, "pins.pcf": pins.replace(/^set_io -pullup yes/gm, "set_io") };
  const args = ["-s", "-d", name, "-p", "pins.pcf", "-n", module, "unpacked.asc"];
  const request = { bundle: BUNDLE, program: READER, args, files, outputs: [] };
  const answer = await runOnFiles(request, { native: true, signal });
  const text = "error" in answer ? null : /^module [\s\S]*^endmodule$/m.exec(answer.log)?.[0];
  if (text != null) return `${text}\n`;
  throw broke(READER, "error" in answer ? answer.error : "no module");
}

/** Tiles of a configuration with their bits: what the device does; comments, names of nets and blank lines left out. */
export function configurationOf(asc: Uint8Array): Map<string, string> {
  const tiles = new Map<string, string>();
  for (const section of new TextDecoder().decode(asc).split(/^\./m)) {
    const [head = "", ...rows] = section.split("\n").map((row) => row.trim());
    const bits = rows.join("");
    if (
      /^(\w+_tile|ram_data|extra_bit|device)\b/.test(head) &&
      (/1/.test(bits) || head.startsWith("extra") || head.startsWith("device"))
    )
      tiles.set(head, bits);
  }
  return tiles;
}
