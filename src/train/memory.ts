import { totalmem } from "node:os";
import { UserError } from "../../base/errors.js";
import type { NetworkOptions } from "./initialise.js";

/** How big a training will be. */
export interface TrainingSize {
  /** Gates of dense layers. */
  readonly gates: number;
  /** Logits of dense layers: `2 C` wires and 16 functions a gate. */
  readonly parameters: number;
  /** Bytes at the most, about. */
  readonly bytes: number;
}

/**
 * Bytes a parameter: logits, the best ones, two moments and the candidate (20) in the model, logits, moments and
 * candidate (16) in the arena, and a checkpoint being written (16).
 */
const PER_PARAMETER = 52;

/**
 * What training dense layers will take, before any of it is made.
 *
 * @param candidates of a gate input.
 */
export function trainingSize(
  { layers }: Pick<NetworkOptions, "layers">,
  candidates: number,
  batch: number,
  inputs: number,
  samples: number,
): TrainingSize {
  const gates = layers.reduce((sum, n) => sum + n, 0);
  const parameters = gates * (2 * candidates + 16);
  const stride = Math.ceil(batch / 128) * 128;
  const bytes =
    PER_PARAMETER * parameters +
    (gates + inputs) * (stride / 8) +
    4 * gates * stride +
    2 * samples * Math.ceil(inputs / 8);
  return { gates, parameters, bytes };
}

/** @throws {UserError} if the machine has less memory than that. */
export function requireMemory({ gates, bytes }: TrainingSize, machine: number = totalmem()): void {
  if (bytes <= machine) return;
  throw new UserError(
    "train/memory",
    `training ${gates.toLocaleString("en-US")} gates: expected to need no more than this machine's ${gibibytes(machine)} of memory but found ${gibibytes(bytes)}`,
    "choose smaller network.layers, network.candidates or train.batch",
  );
}

export const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(2)} GiB`;
