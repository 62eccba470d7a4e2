import { ExitCode, UserError } from "../../../base/errors.js";
import { count } from "../../../base/format.js";
import { findTarget } from "../../../compiler/ir/target.js";
import { lutCost, totalLuts } from "../../../compiler/map/lut-cost.js";
import type { Config } from "../../config/schema.js";
import type { Report } from "../../report/schema.js";
import { packedCells, placeAndRoute } from "../../tools/nextpnr.js";
import { type RunInFolderOptions, runStagesIn } from "../build.js";
import { openRunFolder } from "../run-folder.js";
import { readRun, tryWays } from "../synth/ways.js";
import { boardOf, lutBudget, pinsOf, placeOptions } from "./size.js";

/** Budgets that are tried before it is given up. */
const ATTEMPTS = 8;

interface Size {
  /** Of encoder, core and readout, by our mapper: what `prune.maxLuts` bounds. */
  readonly luts: number;
  /** Logic cells of all of it, packed; one more than there are where it could not be placed. */
  readonly cells: number;
}

/**
 * Prune until the board's device holds all of the circuit, its interface and encoder included: synthesised and packed after each try, and
 * placed and routed once it should fit.
 *
 * @param config with a board.
 * @returns it with the `prune.maxLuts` that fits; as it is where it fits unpruned.
 * @throws {UserError} with exit code 2 when no budget is found that fits and keeps what else bounds the pruning.
 */
export async function fitToBoard(path: string, config: Config, options: RunInFolderOptions): Promise<Config> {
  const board = boardOf(config.hardware.board);
  const available = findTarget(board.target).capacity!.luts;
  let tried = config;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const report = await runStagesIn(path, tried, ["train", "optimize", "prune", "emit"], options);
    if (report.pruning?.met === false) throw cannotFit(board.target, report);
    const { luts, cells } = await sizeOf(path, tried, options);
    const fits = cells <= available;
    options.watcher.line(
      `${count(luts)} LUTs take ${count(cells)} of ${count(available)} logic cells: ${fits ? "fits" : "too large"}`,
    );
    if (fits) return tried;
    const maxLuts = Math.min(luts - 1, lutBudget(luts, cells, available));
    if (maxLuts < 1) break;
    tried = { ...config, prune: { ...config.prune, maxLuts } };
  }
  throw cannotFit(board.target, null);
}

async function sizeOf(path: string, config: Config, options: RunInFolderOptions): Promise<Size> {
  const run = await openRunFolder(path, { create: false });
  try {
    const context = { config, run, signal: options.signal, watcher: options.watcher };
    const board = boardOf(config.hardware.board);
    const source = await readRun(context);
    const { best } = await tryWays(context, source);
    const pins = pinsOf(context, board);
    const place = placeOptions(board, config.seed, options.signal);
    const luts = totalLuts(lutCost(source.design, findTarget(board.target).lutInputs));
    const cells = await packedCells(best.json, pins, place);
    const available = findTarget(board.target).capacity!.luts;
    if (cells > available) return { luts, cells };
    options.watcher.line("placing and routing …");
    const placed = await placeAndRoute(best.json, pins, place).catch(unplaceable);
    return { luts, cells: placed === null ? available + 1 : cells };
  } finally {
    await run.close();
  }
}

/** Null for what could not be placed or routed. */
function unplaceable(error: unknown): null {
  if (error instanceof UserError && error.code === "tool/broke") return null;
  throw error;
}

const cannotFit = (target: string, report: Report | null): UserError =>
  new UserError(
    "fit/impossible",
    `--fit ${target}: expected a budget that fits but found none; the nearest: ${report?.pruning?.nearest ?? "the smallest that was tried"}`,
    "train fewer gates (network.layers), fewer votes, or allow more loss (prune.maxAccuracyDrop)",
    ExitCode.refuted,
  );
