import type { Design } from "../ir/design.js";
import type { LabelledBits } from "../ir/labelled-bits.js";
import { FALSE } from "../ir/literal.js";
import { foldReadout } from "./readout-fold.js";
import { Trimming } from "./readout-trim/trimming.js";

/** What a trimming is, as data. */
export interface ReadoutTrim {
  /** Outputs of the core that become false. */
  readonly votes: readonly number[];
  /** Shape `[classes]`: added to the offsets, for what these votes gave on average. */
  readonly offset: Int32Array;
}

export interface TrimOptions {
  /** Outputs that are to be left. */
  readonly votes: number;
  /** Divides the scores before the softmax. */
  readonly temperature: number;
}

/** Votes that go in one round at most, relative to those there are; then the decisions are looked at anew. */
const SHARE = 0.1;

/**
 * Choose votes that the class decision can do without: those that move the class sums least where decisions are close
 * (growth of the cross-entropy, to second order) for the adders and gates that they save.
 *
 * @param design with a folded readout (`foldReadout`).
 * @param data training samples.
 */
export function chooseReadoutTrim(design: Design, data: LabelledBits, options: TrimOptions): ReadoutTrim {
  const trimming = new Trimming(design, data, options.temperature);
  for (let left = trimming.votesLeft; left > options.votes; left = trimming.votesLeft)
    trimming.round(Math.min(left - options.votes, Math.ceil(SHARE * left)));
  return trimming.result();
}

/** What a trimming means: outputs replaced, offsets moved, nothing else. `applyReadoutTrim` is proved against it. */
export function trimLiterally(design: Design, { votes, offset }: ReadoutTrim): Design {
  const outputs = design.core.outputs.slice();
  for (const vote of votes) outputs[vote] = FALSE;
  const { readout } = design;
  return {
    ...design,
    core: { ...design.core, outputs },
    readout: { ...readout, offset: readout.offset.map((old, c) => old + offset[c]!) },
  };
}

/** The trimmed design with its readout folded; gates stay, those that nothing reads any more too. */
export const applyReadoutTrim = (design: Design, trim: ReadoutTrim): Design =>
  foldReadout(trimLiterally(design, trim));
