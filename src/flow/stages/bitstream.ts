import { ExitCode, UserError } from "../../../base/errors.js";
import { findTarget } from "../../../compiler/ir/target.js";
import { BOARDS, type Board, emitPins } from "../../../compiler/synth/boards.js";
import type { Report } from "../../report/schema.js";
import {
  configurationOf,
  nextpnrVersion,
  type Placed,
  packBitstream,
  placeAndRoute,
  unpackBitstream,
} from "../../tools/nextpnr.js";
import { fileComment } from "../file-comment.js";
import { finalDesign } from "../final-design.js";
import { median } from "../median.js";
import type { Stage, StageContext } from "../stage.js";
import { synthPaths } from "../synth/paths.js";
import { readBitstream } from "../synth/read-bitstream.js";
import { topOf } from "../synth/top.js";
import { emittedPaths } from "./emit.js";

/** From the synthesised netlist to what a board's device loads. */
export const bitstreamStage: Stage = {
  name: "bitstream",
  summary: "place, route and pack for hardware.board, with several seeds: bitstream/",
  wanted: ({ hardware }) => hardware.board !== null,
  after: ["train", "optimize", "prune", "emit", "synth"],
  inputs: ({ config }) => [
    finalDesign(config),
    synthPaths(config.name).json,
    emittedPaths(config.name).interface,
    emittedPaths(config.name).vectors,
  ],
  options: ({ name, seed, hardware, bitstream, verify }) => ({ name, seed, hardware, bitstream, verify }),
  versions: async () => ({ nextpnr: await nextpnrVersion() }),
  check({ config }) {
    const board = boardOf(config.hardware.board);
    if (config.hardware.target === board.target) return;
    throw new UserError(
      "bitstream/target",
      `hardware.target: expected ${board.target}, which is on ${board.name}, but found ${config.hardware.target}`,
      `--target ${board.target}`,
    );
  },
  readsData: false,
  sections: ({ bitstream }) => bitstream,
  clear(report) {
    report.bitstream = null;
  },
  async execute(context) {
    const { config, run, report, signal, watcher } = context;
    const board = boardOf(config.hardware.board);
    const pins = pinsOf(context, board);
    requireRoom(report);
    const json = run.readText(synthPaths(config.name).json);
    const placed: Placed[] = [];
    for (let s = 0; s < config.bitstream.seeds; s++) {
      watcher.progress(s, config.bitstream.seeds, "placing and routing", { seed: `${config.seed + s}` });
      const device = board.target.split(":")[1]!;
      const options = { device, package: board.package, clock: board.clock, seed: config.seed + s, signal };
      const one = await placeAndRoute(json, pins, options);
      watcher.line(`seed ${one.seed}: ${one.fmax ?? "no"} MHz, ${one.logicCells} logic cells`);
      placed.push(one);
    }
    const best = placed.reduce((a, b) => ((b.fmax ?? 0) > (a.fmax ?? 0) ? b : a));
    const bitstream = await packBitstream(best.asc, signal);
    const unpacked = await unpackBitstream(bitstream, signal);
    const same = sameConfiguration(best.asc, unpacked);
    watcher.line(`bitstream unpacked: ${same ? "the placed configuration" : "ANOTHER configuration"}`);
    const read = await readBitstream(context, board, { unpacked, placed: best, pins, json });
    watcher.line(`bitstream = netlist: ${read.equivalence} (${read.how})`);
    if (read.testSet !== null)
      watcher.line(
        `bitstream, test set: ${read.testSet.samples} samples, ${read.testSet.mismatches} mismatches`,
      );
    const base = `bitstream/${config.name.replaceAll("-", "_")}`;
    run.remove("bitstream");
    const written = new Map<string, string | Uint8Array>([
      [`${base}.pcf`, pins],
      [`${base}.asc`, best.asc],
      [`${base}.bin`, bitstream],
      ...(read.verilog === null ? [] : [[`${base}_unpacked.v`, read.verilog] as const]),
    ]);
    for (const [path, content] of written) run.write(path, content);
    const fmax = placed.flatMap((one) => (one.fmax === null ? [] : [one.fmax]));
    report.bitstream = {
      board: board.name,
      file: `${base}.bin`,
      bytes: bitstream.length,
      logicCells: { used: best.logicCells, available: findTarget(board.target).capacity!.luts },
      clock: board.clock,
      fmax: fmax.length === 0 ? null : Math.round(100 * median(fmax)) / 100,
      seeds: placed.map(({ seed, fmax: found }) => ({ seed, fmax: found })),
      seed: best.seed,
      timing: best.fmax === null || best.fmax >= board.clock ? "agreed" : "refuted",
      unpacked: same ? "agreed" : "refuted",
      equivalence: read.equivalence,
      how: read.how,
      testSet: read.testSet,
    };
    return [...written.keys()];
  },
};

const boardOf = (name: string | null): Board => BOARDS.find((board) => board.name === name)!;

/** @throws {UserError} for a port that the board has no pin for. */
function pinsOf({ config, run }: StageContext, board: Board): string {
  const found = emitPins(board, topOf(run, config).pins, fileComment(config));
  if ("text" in found) return found.text;
  throw new UserError(
    "bitstream/pins",
    `${board.name}: expected ports that have pins there but found ${found.missing} of the interface "${config.hardware.interface}"`,
    "--interface uart or shift",
  );
}

/** Before an hour is spent on placing. @throws {UserError} with exit code 2 when the device is too small. */
function requireRoom({ synthesis, luts }: Report): void {
  if (synthesis === null || synthesis.fits !== false) return;
  const { capacity } = findTarget(synthesis.target);
  const { logicCells } = synthesis.resources;
  const needed = logicCells ?? synthesis.resources.luts;
  const parts =
    luts === null ? synthesis.resources.luts : luts.lut4.encoder + luts.lut4.core + luts.lut4.readout;
  const excess = Math.ceil(((needed - capacity!.luts) * parts) / synthesis.resources.luts);
  throw new UserError(
    "bitstream/size",
    `${synthesis.target}: expected at most ${capacity!.luts} logic cells but found ${needed}`,
    `dbnc build --max-luts ${Math.max(1, parts - excess)} prunes to about what fits`,
    ExitCode.refuted,
  );
}

/** Whether every tile of the placed design has the same bits in the bitstream, and no other tile has any. */
function sameConfiguration(placed: Uint8Array, unpacked: Uint8Array): boolean {
  const [left, right] = [configurationOf(placed), configurationOf(unpacked)];
  return left.size === right.size && [...left].every(([tile, bits]) => right.get(tile) === bits);
}
