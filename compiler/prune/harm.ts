/** What it is expected to cost to substitute nodes, by candidate pair. */
export interface Harm {
  /** Of each pair's source. */
  readonly pair: Float64Array;
  /** Shape `[nodes]`: of the source and its complement together, which is that of flipping the node. */
  readonly all: Float64Array;
  /** Shape `[cones, 64]`: of flipping each cone's gate, by the pattern of the leaves. */
  readonly patterns: Float64Array;
}

/** The harm of substituting a node by the source of one of its pairs, or by its complement. */
export const harmOf = ({ pair, all }: Harm, node: number, at: number, complement: boolean): number =>
  complement ? all[node]! - pair[at]! : pair[at]!;
