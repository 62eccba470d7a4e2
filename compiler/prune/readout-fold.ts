import type { Design } from "../ir/design.js";
import { literalOf } from "../ir/literal.js";
import type { Readout } from "../ir/readout.js";

/**
 * The same decisions from fewer votes: constant votes go to the offsets, equal and complementary ones become one with the
 * sum of their weights, and what all classes count alike is left out. Every output is then a node of its own, not
 * complemented; the gates stay as they are, those that nothing reads any more too. `sameDecisions` proves it.
 *
 * A design whose scores do not depend on any node is left as it is.
 */
export function foldReadout(design: Design): Design {
  const forms = scoreForms(design);
  const weights = withoutCommon(forms);
  const nodes = [...weights.keys()].sort((x, y) => x - y);
  if (nodes.length === 0) return design;
  const readout = readoutOf(design.readout, forms, nodes, weights);
  return {
    ...design,
    core: { ...design.core, outputs: Uint32Array.from(nodes, (n) => literalOf(n)) },
    readout,
  };
}

/** A score as a linear function of the core's nodes: `offset + Σ weight · node`. */
interface ScoreForm {
  readonly offset: number;
  /** By node; none is 0, and the constant node is not among them. */
  readonly weight: ReadonlyMap<number, number>;
}

/** The score of every class. A vote that is complemented, `w · ¬x`, is `w - w · x`. */
function scoreForms({ core, readout }: Design): ScoreForm[] {
  return readout.classNames.map((_, cls) => {
    let offset = readout.offset[cls]!;
    const weight = new Map<number, number>();
    for (let t = readout.start[cls]!; t < readout.start[cls + 1]!; t++) {
      const literal = core.outputs[readout.vote[t]!]!;
      const node = literal >>> 1;
      const w = readout.weight[t]!;
      if ((literal & 1) === 1) offset += w;
      const sum = (weight.get(node) ?? 0) + ((literal & 1) === 1 ? -w : w);
      if (sum === 0 || node === 0) weight.delete(node);
      else weight.set(node, sum);
    }
    return { offset, weight };
  });
}

/** Weights by node, one a class, less what costs least once it is taken from all classes. */
function withoutCommon(forms: readonly ScoreForm[]): Map<number, number[]> {
  const weights = new Map<number, number[]>();
  for (const node of new Set(forms.flatMap(({ weight }) => [...weight.keys()]))) {
    const own = forms.map(({ weight }) => weight.get(node) ?? 0);
    const cost = (common: number): number => own.reduce((sum, w) => sum + bitsOf(w - common), 0);
    const common = own.reduce((best, w) => (cost(w) < cost(best) ? w : best), 0);
    if (own.some((w) => w !== common))
      weights.set(
        node,
        own.map((w) => w - common),
      );
  }
  return weights;
}

/** Bits that a weight puts into the columns of a popcount. */
function bitsOf(weight: number): number {
  let bits = 0;
  for (let left = Math.abs(weight); left > 0; left = Math.floor(left / 2)) bits += left % 2;
  return bits;
}

function readoutOf(
  { classNames }: Readout,
  forms: readonly ScoreForm[],
  nodes: readonly number[],
  weights: ReadonlyMap<number, readonly number[]>,
): Readout {
  const rows = classNames.map((_, cls) =>
    nodes.flatMap((node, vote) => {
      const weight = weights.get(node)![cls]!;
      return weight === 0 ? [] : [{ vote, weight }];
    }),
  );
  const start = new Uint32Array(classNames.length + 1);
  rows.forEach((row, cls) => {
    start[cls + 1] = start[cls]! + row.length;
  });
  const terms = rows.flat();
  return {
    classNames,
    offset: Int32Array.from(forms, ({ offset }) => offset),
    start,
    vote: Uint32Array.from(terms, ({ vote }) => vote),
    weight: Int32Array.from(terms, ({ weight }) => weight),
  };
}
