import type { Literal } from "../ir/literal.js";
import { cellInputs, cellOutputs, type ReadoutCell, type ReadoutCircuit } from "../map/readout-circuit.js";
import type { DelayModel } from "./delay-model.js";

/** When nets of a readout are there: stage, and nanoseconds after the registers at its beginning. */
export interface NetTimes {
  /** By net; the constant is there from the beginning. */
  readonly stage: Uint16Array;
  readonly time: Float64Array;
}

/** Nanoseconds that a cell takes: a LUT, and the length of its chain. */
export function cellDelay(cell: ReadoutCell, { level, carry }: DelayModel): number {
  if (cell.tag !== "counter" || cell.chain === null) return level;
  return level + carry * (cell.chain.groups.flat().length + 2);
}

/**
 * Put every cell into the earliest stage in which it is there in time.
 *
 * @param votes shape `[votes]`: when each vote is there, in stage 0.
 */
export function scheduleReadout(
  circuit: ReadoutCircuit,
  votes: ArrayLike<number>,
  model: DelayModel,
  period: number,
): NetTimes {
  const nets = 1 + Math.max(circuit.votes, ...circuit.cells.map((cell) => Math.max(...cellOutputs(cell))));
  const stage = new Uint16Array(nets);
  const time = new Float64Array(nets);
  for (let v = 0; v < circuit.votes; v++) time[1 + v] = votes[v]!;
  for (const cell of circuit.cells) {
    const after = arrival(cellInputs(cell), { stage, time }, cellDelay(cell, model), period);
    for (const net of cellOutputs(cell)) {
      stage[net] = after.stage;
      time[net] = after.time;
    }
  }
  return { stage, time };
}

/** When something that takes `delay` has its output there, the earliest possible. */
export function arrival(
  inputs: readonly Literal[],
  { stage, time }: NetTimes,
  delay: number,
  period: number,
): { readonly stage: number; readonly time: number } {
  let [own, latest] = [0, 0];
  for (const literal of inputs) {
    const net = literal >>> 1;
    if (net === 0) continue;
    if (stage[net]! > own) [own, latest] = [stage[net]!, 0];
    if (stage[net] === own) latest = Math.max(latest, time[net]!);
  }
  return latest + delay <= period ? { stage: own, time: latest + delay } : { stage: own + 1, time: delay };
}
