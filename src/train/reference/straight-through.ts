import type { Tensor, Tensor1D, Tensor2D } from "@tensorflow/tfjs";
import { REACH } from "../pass.js";
import type { Tensorflow } from "./tensorflow.js";

/** The operations that the network needs beside TensorFlow.js's own, each with its gradient. */
export interface StraightThrough {
  /** Rows of `values` by their numbers; TensorFlow.js's own `gather` has no gradient on its wasm backend. */
  gatherRows(values: Tensor2D, rows: Tensor1D): Tensor2D;
  /**
   * What each gate input reads: the candidate of the largest logit. The gradient by the logits is that of the mean of
   * the candidates within reach under their softmax, that by the values goes to the chosen candidate alone.
   *
   * @param wire shape `[rows, C]`.
   * @param index shape `[rows, C]`, rows of `values`.
   */
  readChosen(wire: Tensor2D, values: Tensor2D, index: Tensor2D): Tensor2D;
  /** A tensor with the value that `hard` computes and the gradient of `relaxed`. */
  withValueOf(hard: () => Tensor2D, relaxed: Tensor2D): Tensor2D;
}

type Save = (tensors: Tensor[]) => void;

export function straightThrough(tf: Tensorflow): StraightThrough {
  /** Add the rows of `gradient` up where they were gathered from. */
  const scattered = (rows: Tensor, gradient: Tensor, count: number): Tensor =>
    tf.scatterND(tf.reshape(rows, [rows.size, 1]), gradient, [count, gradient.shape[1]!]);

  /** What is computed outside the tape, so a constant to what is differentiated. */
  const constant = <T extends Tensor>(value: () => T): T =>
    tf.customGrad(() => ({ value: value(), gradFunc: () => [] }))() as T;

  /** Each row's candidate of the largest logit. */
  const chosenRows = (wire: Tensor2D, index: Tensor2D): Tensor1D =>
    constant(() => {
      const [rows, candidates] = index.shape;
      const begin = tf.range(0, rows * candidates, candidates, "int32");
      return tf.gather(tf.reshape(index, [rows * candidates]), tf.add(begin, tf.argMax(wire, 1)));
    });

  /** Logits less 1e30 for candidates that are out of the running. */
  const withinReach = (wire: Tensor2D): Tensor2D => {
    const out = (): Tensor2D => tf.lessEqual(wire, tf.sub(tf.max(wire, 1, true), REACH));
    return tf.sub(
      wire,
      constant(() => tf.mul(tf.cast(out(), "float32"), 1e30)),
    );
  };

  return {
    gatherRows: (values, rows) =>
      tf.customGrad((_values, save) => {
        (save as Save)([rows]);
        return {
          value: tf.gather(values, rows),
          gradFunc: (dy, [saved]) => scattered(saved!, dy, values.shape[0]),
        };
      })(values) as Tensor2D,
    readChosen: (wire, values, index) =>
      tf.customGrad((_shares, _values, save) => {
        const chosen = chosenRows(wire, index);
        (save as Save)([values, chosen]);
        return {
          value: tf.gather(values, chosen),
          gradFunc: (dy, [x, at]) => {
            // One candidate at a time: all at once would take C times the memory of the layer.
            const columns = tf.unstack(index, 1) as Tensor1D[];
            const sums = columns.map((c) => tf.tidy(() => tf.sum(tf.mul(dy, tf.gather(x!, c)), 1)));
            return [tf.stack(sums, 1), scattered(at!, dy, values.shape[0])];
          },
        };
      })(tf.softmax(withinReach(wire)), values) as Tensor2D,
    withValueOf: (hard, relaxed) =>
      tf.customGrad(() => ({ value: hard(), gradFunc: (dy) => dy }))(relaxed) as Tensor2D,
  };
}
