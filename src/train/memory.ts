import { totalmem } from "node:os";
import { UserError } from "../../base/errors.js";
import { convSizes } from "../../compiler/model/conv.js";
import type { NetworkOptions } from "./initialise.js";
import { inputMap, planConv } from "./initialise-conv.js";
import type { TrainingData } from "./training-data.js";

/** How big a training will be. */
export interface TrainingSize {
  /** Gates, a shared one counted at each of its positions. */
  readonly gates: number;
  /** Logits: `2 C` wires of a gate that chooses its fanins, and 16 functions of every one with logits of its own. */
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
 * What training will take, before any of it is made.
 *
 * @param candidates of an input of a dense gate.
 */
export function trainingSize(
  { layers, conv }: Pick<NetworkOptions, "layers" | "conv">,
  candidates: number,
  batch: number,
  { encoder, shape, train: { samples } }: Pick<TrainingData, "encoder" | "shape" | "train">,
): TrainingSize {
  const inputs = encoder.bits.length;
  const stride = Math.ceil(batch / 128) * 128;
  const dense = layers.reduce((sum, n) => sum + n, 0);
  let [gates, parameters, tables] = [dense, dense * (2 * candidates + 16), 0];
  for (const layer of shape === undefined ? [] : planConv(inputMap(encoder, shape).shape, conv)) {
    const sizes = convSizes(layer);
    const wires = layer.kernels * 2 ** layer.depth * layer.candidates;
    gates += sizes.gates * sizes.positions;
    parameters += wires + 16 * sizes.gates;
    // The candidates of every position, in the arena and on the way to it.
    tables += 8 * wires * sizes.positions;
  }
  const bytes =
    tables +
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
    "choose smaller network.layers, network.conv, network.candidates or train.batch",
  );
}

export const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(2)} GiB`;
