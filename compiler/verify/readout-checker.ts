import type { Readout } from "../ir/readout.js";
import type { FoundReadout } from "../read/readout.js";
import { compareSum, modulo, sumOf, topological } from "./readout-sums.js";
import { type Contest, findTournament, scoresIn } from "./tournament.js";

/**
 * The wiring of a readout proved by parts (DESIGN: Trust, 5): given that each cell does what its kind says, every class
 * has its score and the scores contest in class order. Shares only data types with what builds and emits readouts.
 *
 * Scores are compared as numbers modulo `2^width`; that all of them lie within one range of that size is checked too.
 *
 * @returns the tournament, or why the circuit is not the readout.
 */
export function checkReadout(circuit: FoundReadout, readout: Readout): Contest | string {
  const contest = findTournament(circuit);
  if (typeof contest === "string") return contest;
  const scores = scoresIn(contest);
  const classes = readout.classNames.length;
  if (scores.length !== classes)
    return `expected ${classes} classes in the tournament but found ${scores.length}`;
  const order = topological(circuit.cells.filter((cell) => cell.tag === "counter"));
  if (order === null) return "counters depend on each other in a loop";
  const modulus = 2 ** scores[0]!.length;
  const offsets: number[] = [];
  for (let cls = 0; cls < classes; cls++) {
    if (2 ** scores[cls]!.length !== modulus) return "scores of different widths are compared";
    const sum = sumOf(scores[cls]!, order);
    if (typeof sum === "string") return `class ${cls}: ${sum}`;
    const wrong = compareSum(sum, circuit.votes, modulus, readout, cls);
    if (wrong !== null) return `class ${cls}: ${wrong}`;
    offsets.push(modulo(sum.constant - readout.offset[cls]!, modulus));
    if (offsets[cls] !== offsets[0])
      return `class ${cls}: its score is off by ${modulo(offsets[cls]! - offsets[0]!, modulus)} against class 0`;
  }
  return checkRange(readout, offsets[0]!, modulus) ?? contest;
}

/** Whether one constant, known modulo the modulus, brings all scores into 0 … modulus - 1. */
function checkRange(readout: Readout, offset: number, modulus: number): string | null {
  const bound = (extreme: (x: number, y: number) => number): number[] =>
    Array.from(readout.offset, (constant, cls) =>
      readout.weight
        .subarray(readout.start[cls]!, readout.start[cls + 1]!)
        .reduce((sum, weight) => sum + extreme(0, weight), constant),
    );
  const lowest = Math.min(...bound(Math.min));
  const highest = Math.max(...bound(Math.max));
  const constant = -lowest + modulo(offset + lowest, modulus);
  return highest + constant < modulus ? null : `scores do not fit: they may be ${modulus} or more`;
}
