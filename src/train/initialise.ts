import { UserError } from "../../base/errors.js";
import { Random } from "../../base/random.js";
import { groupSumReadout, type Readout } from "../../compiler/ir/readout.js";
import { type DenseLayer, layerNodes, type Model } from "../../compiler/model/model.js";
import { balancedCandidates, localCandidates } from "./candidates.js";
import { type ConvOptions, initialiseConv } from "./initialise-conv.js";
import type { TrainingData } from "./training-data.js";

export interface NetworkOptions {
  /** Convolutional layers, before the dense ones; for images. */
  readonly conv: readonly ConvOptions[];
  /** Gates in each dense layer. */
  readonly layers: readonly number[];
  /** Candidate fanins per gate input; null for 16, or as many as the layer below has nodes. */
  readonly candidates: number | null;
  /** Images: first-layer candidates lie within this many rows and columns of a centre; null for anywhere. */
  readonly locality: number | null;
  /** Which dense layers vote in the readout: the last one, all, or so many of the last ones. */
  readonly votes: "last" | "all" | number;
  /** Divides the scores before the softmax; null for a quarter of the square root of the votes per class. */
  readonly temperature: number | null;
}

/** Wire logits start small, so that early gradients decide. */
const WIRE_DEVIATION = 0.1;

/** A network with random logits and balanced, duplicate-free candidates. @throws {UserError} for sizes that do not fit. */
export function initialiseModel(data: TrainingData, options: NetworkOptions, seed: number): Model {
  const inputs = data.encoder.bits.length;
  if (inputs === 0) {
    throw new UserError(
      "train/no-inputs",
      "data: expected features that vary in the training samples but found none",
      "check the data and encoder.thresholds",
    );
  }
  const conv = options.conv.length === 0 ? undefined : initialiseConv(data, options.conv, seed);
  const firstDense = inputs + (conv?.layers ?? []).reduce((sum, layer) => sum + layerNodes(layer), 0);
  const dense = options.layers.map((gates, l): DenseLayer => {
    const random = Random.forPurpose(seed, `layer ${l}`);
    const sources = sourcesOf(l, inputs, firstDense, options.layers, conv?.output.nodes);
    const below = sources.length;
    const candidates = candidatesOf(options, below, l);
    const local = l === 0 && conv === undefined && options.locality !== null && data.shape !== undefined;
    const candidateIndex = local
      ? localCandidates(gates, candidates, data.encoder, data.shape, options.locality, random)
      : balancedCandidates(2 * gates, candidates, sources, random);
    const normals = (n: number, deviation: number): Float32Array =>
      Float32Array.from({ length: n }, () => deviation * random.normal());
    const [wireLogits, gateLogits] = [normals(candidateIndex.length, WIRE_DEVIATION), normals(16 * gates, 1)];
    return { kind: "dense", gates, candidates, candidateIndex, wireLogits, gateLogits };
  });
  const { votes, readout } = chooseVotes(firstDense, options, data.classNames);
  const perClass = votes.length / data.classNames.length;
  const temperature = options.temperature ?? Math.sqrt(perClass) / 4;
  const layers = [...(conv?.layers ?? []), ...dense];
  return { encoder: data.encoder, layers, votes, readout, temperature, seed };
}

/** Candidates of a gate input unless the user says how many. */
export const DEFAULT_CANDIDATES = 16;

function candidatesOf({ candidates }: NetworkOptions, below: number, l: number): number {
  if (candidates === null) return Math.min(DEFAULT_CANDIDATES, below);
  if (candidates <= below) return candidates;
  throw new UserError(
    "train/candidates",
    `network.candidates: expected at most the ${below} nodes that layer ${l + 1} can read but found ${candidates}`,
    "null takes as many as there are, up to 16",
  );
}

/** The nodes that a dense layer reads: those of the layer below, or what the convolutional layers give. */
function sourcesOf(
  l: number,
  inputs: number,
  firstDense: number,
  layers: readonly number[],
  convOutput: Uint32Array | undefined,
): Uint32Array {
  if (l === 0 && convOutput !== undefined) return convOutput;
  const begin = l === 0 ? 0 : firstDense + layers.slice(0, l - 1).reduce((a, b) => a + b, 0);
  return Uint32Array.from({ length: l === 0 ? inputs : layers[l - 1]! }, (_, i) => begin + i);
}

/** @param first the first dense gate's node. Every voting layer is divided evenly among the classes. */
function chooseVotes(
  first: number,
  { layers, votes }: NetworkOptions,
  classNames: readonly string[],
): { votes: Uint32Array; readout: Readout } {
  const classes = classNames.length;
  const nodes: number[][] = classNames.map(() => []);
  const voting = votes === "all" ? layers.length : votes === "last" ? 1 : votes;
  if (voting > layers.length) {
    throw new UserError(
      "train/votes",
      `network.votes: expected at most the ${layers.length} dense layers but found ${voting}`,
      '"all" takes as many as there are',
    );
  }
  let begin = first;
  layers.forEach((gates, l) => {
    if (l >= layers.length - voting) {
      if (gates % classes !== 0) {
        const near = Math.max(1, Math.round(gates / classes)) * classes;
        throw new UserError(
          "train/votes",
          `network.layers: expected a voting layer of a multiple of ${classes} classes but found ${gates}`,
          `${near} would do`,
        );
      }
      for (let g = 0; g < gates; g++) nodes[Math.floor((g * classes) / gates)]!.push(begin + g);
    }
    begin += gates;
  });
  const flat = Uint32Array.from(nodes.flat());
  return { votes: flat, readout: groupSumReadout(classNames, flat.length) };
}
