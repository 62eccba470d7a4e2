import type { Design } from "../ir/design.js";

/**
 * Whether two designs with the same encoder and gates decide alike because their scores differ by the same amount in every
 * class: as linear functions of the core's nodes, so for every input. A proof when true; when false they may still
 * decide alike.
 *
 * Shares no code with `foldReadout`, whose results it is for.
 */
export function sameDecisions(a: Design, b: Design): boolean {
  if (JSON.stringify(a.encoder) !== JSON.stringify(b.encoder)) return false;
  if (a.readout.classNames.join("\n") !== b.readout.classNames.join("\n")) return false;
  if (!sameGates(a, b)) return false;
  const differences = a.readout.classNames.map((_, cls) => {
    const sum = new Map<number, number>();
    addScore(a, cls, 1, sum);
    addScore(b, cls, -1, sum);
    return sum;
  });
  return differences.every((sum) => sameForm(sum, differences[0]!));
}

function sameGates({ core: a }: Design, { core: b }: Design): boolean {
  const same = (x: ArrayLike<number>, y: ArrayLike<number>): boolean =>
    x.length === y.length && Array.from(x).every((value, i) => value === y[i]);
  return (
    a.inputs === b.inputs && same(a.kind, b.kind) && same(a.fanin0, b.fanin0) && same(a.fanin1, b.fanin1)
  );
}

/** Key of what does not depend on any node; nodes have theirs from 1. */
const CONSTANT = 0;

/** Add `sign` times the score of a class: coefficients by node. */
function addScore({ core, readout }: Design, cls: number, sign: number, sum: Map<number, number>): void {
  const add = (key: number, amount: number): void => void sum.set(key, (sum.get(key) ?? 0) + sign * amount);
  add(CONSTANT, readout.offset[cls]!);
  for (let t = readout.start[cls]!; t < readout.start[cls + 1]!; t++) {
    const literal = core.outputs[readout.vote[t]!]!;
    const weight = readout.weight[t]!;
    if (literal % 2 === 0) {
      if (literal > 0) add(literal / 2, weight);
    } else {
      add(CONSTANT, weight);
      if (literal > 1) add((literal - 1) / 2, -weight);
    }
  }
}

const sameForm = (a: ReadonlyMap<number, number>, b: ReadonlyMap<number, number>): boolean =>
  [...a, ...b].every(([key]) => (a.get(key) ?? 0) === (b.get(key) ?? 0));
