import type { Design } from "../../ir/design.js";
import { EditableNetlist } from "../../ir/editable-netlist.js";
import type { LabelledBits } from "../../ir/labelled-bits.js";
import { simulate } from "../../simulate/bit-parallel.js";
import { Decisions } from "../decisions.js";
import type { ReadoutTrim } from "../readout-trim.js";
import { addBits, sumOver } from "./bit-sums.js";

/** Gates that counting one more bit takes, about (a full adder, and its share of the comparisons). */
const ADDER = 7;

/** A vote that may go. */
interface Option {
  readonly vote: number;
  /** Share of the samples with the vote, weighted by how close their decision is: what takes its place. */
  readonly mean: number;
  /** Growth of the loss, nats over all samples, for every gate saved. */
  readonly harm: number;
}

/** A readout that loses votes, and what that does to the scores on the samples. */
export class Trimming {
  private readonly classes: number;
  private readonly samples: number;
  private readonly rows: readonly Uint32Array[];
  /** Shape `[votes, classes]`. */
  private readonly weights: Int32Array;
  private readonly scores: Float64Array;
  /** What trimmed votes gave, shape `[classes]`. */
  private readonly offset: Float64Array;
  private readonly decisions: Decisions;
  private readonly trimmed: number[] = [];
  private readonly netlist: EditableNetlist;

  constructor(
    private readonly design: Design,
    data: LabelledBits,
    temperature: number,
  ) {
    const { readout, core } = design;
    this.classes = readout.classNames.length;
    this.samples = data.samples;
    this.rows = simulate(core, data.bits, Math.ceil(data.samples / 32));
    this.netlist = new EditableNetlist(core);
    this.weights = new Int32Array(core.outputs.length * this.classes);
    this.scores = new Float64Array(this.classes * data.samples);
    this.offset = new Float64Array(this.classes);
    for (let c = 0; c < this.classes; c++) {
      this.scores.fill(readout.offset[c]!, c * data.samples, (c + 1) * data.samples);
      for (let t = readout.start[c]!; t < readout.start[c + 1]!; t++)
        this.weights[readout.vote[t]! * this.classes + c]! += readout.weight[t]!;
    }
    core.outputs.forEach((_, vote) => {
      this.addVote(vote, 1);
    });
    this.decisions = new Decisions(this.scores, data, temperature);
  }

  get votesLeft(): number {
    return this.present().length;
  }

  result(): ReadoutTrim {
    return { votes: this.trimmed, offset: Int32Array.from(this.offset, Math.round) };
  }

  /** Trim `count` votes, those of the least harm first. */
  round(count: number): void {
    const options = this.options().sort((a, b) => a.harm - b.harm || a.vote - b.vote);
    for (const option of options.slice(0, count)) this.trim(option);
    this.decisions.update();
  }

  private present(): number[] {
    return [...this.rows.keys()].filter((vote) => this.weightsOf(vote).some((w) => w !== 0));
  }

  private weightsOf(vote: number): Int32Array {
    return this.weights.subarray(vote * this.classes, (vote + 1) * this.classes);
  }

  private addVote(vote: number, factor: number): void {
    this.weightsOf(vote).forEach((w, c) => {
      if (w !== 0)
        addBits(this.scores.subarray(c * this.samples, (c + 1) * this.samples), this.rows[vote]!, factor * w);
    });
  }

  private trim({ vote, mean }: Option): void {
    this.addVote(vote, -1);
    const weights = this.weightsOf(vote);
    weights.forEach((w, c) => {
      this.offset[c]! += w * mean;
      for (let s = c * this.samples; s < (c + 1) * this.samples; s++) this.scores[s]! += w * mean;
    });
    weights.fill(0);
    this.trimmed.push(vote);
  }

  /** Every vote that is there. Those of equal weights look at the same slopes and curvatures. */
  private options(): Option[] {
    const groups = new Map<string, number[]>();
    for (const vote of this.present()) {
      const key = this.weightsOf(vote).join();
      groups.set(key, [...(groups.get(key) ?? []), vote]);
    }
    return [...groups.values()].flatMap((votes) => {
      const { slope, curvature } = this.decisions.look(this.weightsOf(votes[0]!));
      const [slopes, curvatures] = [slope, curvature].map((values) => values.reduce((sum, x) => sum + x, 0));
      return votes.map((vote): Option => {
        const row = this.rows[vote]!;
        const [g, q] = [sumOver(slope, row), sumOver(curvature, row)];
        const mean = curvatures! === 0 ? 0 : q / curvatures!;
        // The vote x becomes its mean: d = mean - x, and x² = x.
        const harm = mean * slopes! - g + (q - mean * q) / 2;
        return { vote, mean, harm: harm / this.savedBy(vote) };
      });
    });
  }

  /** Gates that go with a vote, about. */
  private savedBy(vote: number): number {
    const node = this.design.core.outputs[vote]! >>> 1;
    const adders = this.weightsOf(vote).reduce((sum, w) => sum + ones(Math.abs(w)), 0);
    const alone = this.netlist.isGate(node) && this.netlist.references(node) === 1;
    return ADDER * adders + (alone ? this.netlist.fanoutFreeCone(node).length : 0);
  }
}

function ones(n: number): number {
  let count = 0;
  for (let left = n; left > 0; left >>>= 1) count += left & 1;
  return count;
}
