import { ExitCode, UserError } from "../../../base/errors.js";
import { findTarget, type Target } from "../../../compiler/ir/target.js";
import { totalLuts } from "../../../compiler/map/lut-cost.js";
import type { Report } from "../../report/schema.js";
import {
  configurationOf,
  nextpnrVersion,
  type Placed,
  packBitstream,
  packedCells,
  placeAndRoute,
  unpackBitstream,
} from "../../tools/nextpnr.js";
import { finalDesign } from "../final-design.js";
import { boardOf, lutBudget, pinsOf, placeOptions } from "../fit/size.js";
import { median } from "../median.js";
import type { Stage } from "../stage.js";
import { synthPaths } from "../synth/paths.js";
import { readBitstream } from "../synth/read-bitstream.js";
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
    const json = run.readText(synthPaths(config.name).json);
    const target = findTarget(board.target);
    const options = placeOptions(board, config.seed, signal);
    requireRoom(report, target, await packedCells(json, pins, options));
    const placed: Placed[] = [];
    for (let s = 0; s < config.bitstream.seeds; s++) {
      watcher.progress(s, config.bitstream.seeds, "placing and routing", { seed: `${config.seed + s}` });
      const one = await placeAndRoute(json, pins, { ...options, seed: config.seed + s });
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
      logicCells: { used: best.logicCells, available: target.capacity!.luts },
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

/** Before an hour is spent on placing. @throws {UserError} with exit code 2 when the device is too small. */
function requireRoom(report: Report, { name, capacity }: Target, cells: number): void {
  if (cells <= capacity!.luts) return;
  const luts = totalLuts((report.pruning?.luts ?? report.luts)!.lut4);
  throw new UserError(
    "bitstream/size",
    `${name}: expected at most ${capacity!.luts} logic cells but found ${cells}, packed`,
    `dbnc build --max-luts ${lutBudget(luts, cells, capacity!.luts)} prunes to about what fits, --fit ${name} to what does`,
    ExitCode.refuted,
  );
}

/** Whether every tile of the placed design has the same bits in the bitstream, and no other tile has any. */
function sameConfiguration(placed: Uint8Array, unpacked: Uint8Array): boolean {
  const [left, right] = [configurationOf(placed), configurationOf(unpacked)];
  return left.size === right.size && [...left].every(([tile, bits]) => right.get(tile) === bits);
}
