import { UserError } from "../../../base/errors.js";
import { BOARDS, type Board, emitPins } from "../../../compiler/synth/boards.js";
import type { PlaceOptions } from "../../tools/nextpnr.js";
import { fileComment } from "../file-comment.js";
import type { StageContext } from "../stage.js";
import { topOf } from "../synth/top.js";

/** A board of the table. */
export const boardOf = (name: string | null): Board => BOARDS.find((board) => board.name === name)!;

/** What nextpnr is told of a board. */
export const placeOptions = (
  { target, package: name, clock }: Board,
  seed: number,
  signal: AbortSignal,
): PlaceOptions => ({ device: target.split(":")[1]!, package: name, clock, seed, signal });

/** The constraints of a run's ports. @throws {UserError} for a port that the board has no pin for. */
export function pinsOf({ config, run }: Pick<StageContext, "config" | "run">, board: Board): string {
  const found = emitPins(board, topOf(run, config).pins, fileComment(config));
  if ("text" in found) return found.text;
  throw new UserError(
    "bitstream/pins",
    `${board.name}: expected ports that have pins there but found ${found.missing} of the interface "${config.hardware.interface}"`,
    "--interface uart or shift",
  );
}

/** Share of the room that is left over: logic cells do not fall exactly as LUTs do. */
const SPARE = 0.01;

/** LUTs of encoder, core and readout with which a circuit would about fit. @param luts that it has, with `cells` logic cells in all. */
export const lutBudget = (luts: number, cells: number, available: number): number =>
  Math.max(1, Math.floor(((1 - SPARE) * luts * available) / cells));
