import { popcount } from "../../base/popcount.js";
import type { Design } from "../ir/design.js";
import { EditableNetlist } from "../ir/editable-netlist.js";
import type { LabelledBits } from "../ir/labelled-bits.js";
import { FALSE } from "../ir/literal.js";
import { simulate } from "../simulate/bit-parallel.js";
import { scoreRows } from "../simulate/scores.js";
import { Decisions } from "./decisions.js";

/** A vote that goes: what it gave on average goes to the offsets of its classes. */
export interface Trim {
  /** Output of the core that becomes false. */
  readonly vote: number;
  /** Share of the samples with the vote, those with close decisions counting more. */
  readonly mean: number;
}

/** Gates that counting one more bit takes, about (a full adder, and its share of the comparisons). */
const ADDER = 7;

/**
 * Choose a share of the votes that the class decision can do without: those that move the class sums least where decisions are close
 * (growth of the cross-entropy, to second order) for the adders and gates that they save.
 *
 * @param data training samples.
 * @param temperature divides the scores before the softmax.
 * @returns in the order of the choice; one vote stays.
 */
export function chooseTrims(design: Design, data: LabelledBits, share: number, temperature: number): Trim[] {
  const weights = weightsByVote(design);
  const saved = gatesSaved(design, weights);
  const votes = harms(design, data, temperature, weights);
  votes.sort((a, b) => a.harm / saved(a.vote) - b.harm / saved(b.vote) || a.vote - b.vote);
  const count = Math.min(votes.length - 1, Math.ceil(share * votes.length));
  return votes.slice(0, Math.max(0, count)).map(({ vote, mean }) => ({ vote, mean }));
}

/** What trims mean: outputs replaced, offsets moved, nothing else. */
export function trimLiterally(design: Design, trims: readonly Trim[]): Design {
  if (trims.length === 0) return design;
  const outputs = design.core.outputs.slice();
  const mean = new Float64Array(outputs.length);
  for (const trim of trims) {
    outputs[trim.vote] = FALSE;
    mean[trim.vote] = trim.mean;
  }
  const { readout } = design;
  const offset = readout.offset.map((old, cls) => {
    let gone = 0;
    for (let t = readout.start[cls]!; t < readout.start[cls + 1]!; t++)
      gone += readout.weight[t]! * mean[readout.vote[t]!]!;
    return old + Math.round(gone);
  });
  return { ...design, core: { ...design.core, outputs }, readout: { ...readout, offset } };
}

/** Weights of every vote that is not constant, one a class. */
function weightsByVote({ core, readout }: Design): Map<number, Int32Array> {
  const weights = new Map<number, Int32Array>();
  const classes = readout.classNames.length;
  for (let cls = 0; cls < classes; cls++) {
    for (let t = readout.start[cls]!; t < readout.start[cls + 1]!; t++) {
      const vote = readout.vote[t]!;
      if (core.outputs[vote]! >>> 1 === 0) continue;
      const own = weights.get(vote) ?? new Int32Array(classes);
      own[cls]! += readout.weight[t]!;
      weights.set(vote, own);
    }
  }
  return weights;
}

interface VoteHarm extends Trim {
  /** Growth of the loss without the vote, nats over all samples. */
  readonly harm: number;
}

/** Votes of equal weights look at the same slopes and curvatures. */
function harms(
  design: Design,
  data: LabelledBits,
  temperature: number,
  weights: ReadonlyMap<number, Int32Array>,
): VoteHarm[] {
  const rows = simulate(design.core, data.bits, Math.ceil(data.samples / 32));
  const scores = Float64Array.from(
    scoreRows(design, data.bits, data.samples).flatMap((row) => Array.from(row)),
  );
  const decisions = new Decisions(scores, data, temperature);
  const groups = new Map<string, number[]>();
  for (const [vote, own] of weights) {
    const key = own.join();
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [vote]);
    else group.push(vote);
  }
  return [...groups.values()].flatMap((votes) => {
    const { slope, curvature } = decisions.look(weights.get(votes[0]!)!);
    const [slopes, curvatures] = [slope, curvature].map((all) => all.reduce((sum, x) => sum + x, 0));
    return votes.map((vote): VoteHarm => {
      const [g, q] = [sumOver(slope, rows[vote]!), sumOver(curvature, rows[vote]!)];
      const mean = curvatures! === 0 ? 0 : q / curvatures!;
      // The vote x becomes its mean: d = mean - x, and x² = x.
      return { vote, mean, harm: mean * slopes! - g + (q - mean * q) / 2 };
    });
  });
}

/** Sum of the values of the samples whose bit is 1. */
function sumOver(values: Float32Array, row: Uint32Array): number {
  let sum = 0;
  for (let word = 0, from = 0; from < values.length; word++, from += 32) {
    for (let bits = row[word]!; bits !== 0; bits &= bits - 1) {
      const s = from + 31 - Math.clz32(bits & -bits);
      if (s < values.length) sum += values[s]!;
    }
  }
  return sum;
}

/** Gates that go with a vote, about. */
function gatesSaved({ core }: Design, weights: ReadonlyMap<number, Int32Array>): (vote: number) => number {
  const netlist = new EditableNetlist(core);
  return (vote) => {
    const node = core.outputs[vote]! >>> 1;
    const adders = weights.get(vote)!.reduce((sum, w) => sum + popcount(Math.abs(w)), 0);
    const alone = netlist.isGate(node) && netlist.references(node) === 1;
    return ADDER * adders + (alone ? netlist.fanoutFreeCone(node).length : 0);
  };
}
