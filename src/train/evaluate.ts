import type { Model } from "../../compiler/model/model.js";

/** Words evaluated together. */
const BLOCK = 8;

/**
 * The trainer's own evaluator of a hard network: the classes that it gives, straight from logits and candidate
 * tables. It shares no code with freeze, the netlist or its simulator, so that agreement with those says something.
 *
 * @param bits shape `[encoder bits][words]`, 32 samples a word.
 * @returns shape `[samples]`; the lowest class index wins ties.
 */
export function predictHard(model: Model, bits: readonly Uint32Array[], samples: number): Uint16Array {
  const plan = model.layers.map(decide);
  const nodes = bits.length + model.layers.reduce((sum, { gates }) => sum + gates, 0);
  const values = new Uint32Array(nodes * BLOCK);
  const predicted = new Uint16Array(samples);
  for (let from = 0; from * 32 < samples; from += BLOCK) {
    bits.forEach((row, i) => {
      for (let w = 0; w < BLOCK; w++) values[i * BLOCK + w] = row[from + w] ?? 0;
    });
    let next = bits.length;
    for (const layer of plan) for (const gate of layer) evaluateGate(gate, values, next++);
    const upTo = Math.min(32 * BLOCK, samples - 32 * from);
    for (let s = 0; s < upTo; s++) predicted[32 * from + s] = classOf(model, values, s);
  }
  return predicted;
}

interface Decided {
  readonly a: number;
  readonly b: number;
  /** Output for 00, 01, 10, 11, as masks of a word. */
  readonly masks: readonly number[];
}

function decide({
  gates,
  candidates,
  candidateIndex,
  wireLogits,
  gateLogits,
}: Model["layers"][number]): Decided[] {
  const strongest = (logits: Float32Array, from: number, count: number): number => {
    const row = logits.subarray(from, from + count);
    return row.indexOf(row.reduce((top, x) => Math.max(top, x), Number.NEGATIVE_INFINITY));
  };
  const read = (row: number): number =>
    candidateIndex[row * candidates + strongest(wireLogits, row * candidates, candidates)]!;
  return Array.from({ length: gates }, (_, g) => {
    const truth = strongest(gateLogits, 16 * g, 16)
      .toString(2)
      .padStart(4, "0");
    return { a: read(g), b: read(gates + g), masks: [...truth].map((bit) => (bit === "1" ? -1 : 0)) };
  });
}

function evaluateGate({ a, b, masks }: Decided, values: Uint32Array, node: number): void {
  for (let w = 0; w < BLOCK; w++) {
    const x = values[a * BLOCK + w]!;
    const y = values[b * BLOCK + w]!;
    values[node * BLOCK + w] =
      (masks[0]! & ~(x | y)) | (masks[1]! & ~x & y) | (masks[2]! & x & ~y) | (masks[3]! & x & y);
  }
}

function classOf({ votes, readout }: Model, values: Uint32Array, s: number): number {
  let best = 0;
  let bestScore = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < readout.classNames.length; c++) {
    let score = readout.offset[c]!;
    for (let t = readout.start[c]!; t < readout.start[c + 1]!; t++) {
      const word = values[votes[readout.vote[t]!]! * BLOCK + (s >>> 5)]!;
      if (((word >>> (s & 31)) & 1) === 1) score += readout.weight[t]!;
    }
    if (score > bestScore) [best, bestScore] = [c, score];
  }
  return best;
}
