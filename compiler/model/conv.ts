/**
 * A convolutional layer: `kernels` trees of two-input gates, each with logits of its own that all positions of
 * the image share, and after them, if asked for, a 2 x 2 OR pooling (Petersen et al., "Convolutional
 * Differentiable Logic Gate Networks", NeurIPS 2024; there the leaves are fixed, here each chooses among
 * candidates).
 *
 * A tree has `depth` levels. Gate `g` of level 0 reads two of the places of the receptive field; gate `g` of a
 * higher level reads gates `2g` and `2g + 1` of the level below. Level `j` has `kernels * 2^(depth - 1 - j)`
 * gates, kernel by kernel; they are numbered level by level, and output channel `k` is gate `k` of the last level.
 */
export interface ConvLayer {
  readonly kind: "conv";
  /** Output channels, K. */
  readonly kernels: number;
  /** Levels of gates in a tree, 1 to 3: 2^depth leaf inputs. */
  readonly depth: number;
  /** Candidate places of each leaf input, C. */
  readonly candidates: number;
  /** Rows and columns of the receptive field. */
  readonly size: number;
  /** Rows and columns from one position to the next. */
  readonly stride: number;
  /** Whether the output is the OR of 2 x 2 neighbouring positions. */
  readonly pool: boolean;
  /** What the layer reads: channels, rows, columns. */
  readonly shape: MapShape;
  /** Shape `shape`: the global node id at every place, or `NO_NODE`. */
  readonly map: Uint32Array;
  /** Shape `[2, K 2^(depth - 1), C]`: places `(channel * size + row) * size + column` of the receptive field. */
  readonly candidateIndex: Uint32Array;
  /** Shape `[2, K 2^(depth - 1), C]`. */
  readonly wireLogits: Float32Array;
  /** Shape `[K (2^depth - 1), 16]`. */
  readonly gateLogits: Float32Array;
}

export type MapShape = readonly [channels: number, rows: number, columns: number];

/** Where a map has no node, such as an encoder bit that was dropped: reads false. */
export const NO_NODE = 0xffff_ffff;

/**
 * Sizes of a convolutional layer. Its nodes are the trees' gates, gate `s` at position `p` being `s * positions + p`
 * with positions row by row, then the pooled outputs, channel by channel.
 */
export interface ConvSizes {
  /** Gates with logits of their own. */
  readonly gates: number;
  /** Rows and columns of positions: those at which the whole field lies in the map, an even number if pooled. */
  readonly rows: number;
  readonly columns: number;
  readonly positions: number;
  readonly nodes: number;
  /** The map that the layer gives, and the node within the layer at which it begins. */
  readonly output: MapShape;
  readonly outputBegin: number;
}

type Shaped = Pick<ConvLayer, "kernels" | "depth" | "size" | "stride" | "pool" | "shape">;

/** Sizes of a layer; rows or columns are 0 where the field, or the pooling, does not fit into the map. */
export function convSizes({ kernels, depth, size, stride, pool, shape }: Shaped): ConvSizes {
  const along = (length: number): number => {
    const fitting = Math.max(0, Math.floor((length - size) / stride) + 1);
    return pool ? fitting - (fitting % 2) : fitting;
  };
  const [rows, columns] = [along(shape[1]), along(shape[2])];
  const positions = rows * columns;
  const gates = kernels * (2 ** depth - 1);
  const pooled = pool ? (kernels * positions) / 4 : 0;
  return {
    gates,
    rows,
    columns,
    positions,
    nodes: gates * positions + pooled,
    output: pool ? [kernels, rows / 2, columns / 2] : [kernels, rows, columns],
    outputBegin: (pool ? gates : gates - kernels) * positions,
  };
}
