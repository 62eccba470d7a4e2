import type { Scalar, Tensor, Tensor2D, Variable } from "@tensorflow/tfjs";
import { type AdamStep, adamFactors, BETA1, BETA2, EPSILON, type Moments } from "../adam.js";
import { type EngineInput, type MakeEngine, type Stepper, stepperEngine } from "../engine.js";
import { type LayerLogits, referenceNetwork } from "./network.js";
import { loadTensorflow, type Tensorflow } from "./tensorflow.js";

/**
 * Trains dense layers in TensorFlow.js: the network, its gradients by automatic differentiation and Adam all compute
 * there, on the native library where it is installed. The loss is the one that the other engines share.
 *
 * @param onNotice told when a faster build of TensorFlow.js could be had.
 */
export const tensorflowEngine = (onNotice: (text: string) => void): MakeEngine =>
  stepperEngine(async (input) => {
    const { tf, notice } = await loadTensorflow();
    if (notice !== null) onNotice(notice);
    return tensorflowStepper(tf, input);
  });

/** A parameter with its moments there, beside the arrays here that it is loaded from and saved to. */
interface Parameter {
  /** Value, first and second moment. */
  readonly variables: readonly [Variable, Variable, Variable];
  readonly arrays: readonly [Float32Array, Float32Array, Float32Array];
}

function tensorflowStepper(tf: Tensorflow, { model, moments, batch, mode }: EngineInput): Stepper {
  let network = referenceNetwork(tf, model, mode);
  const stride = 32 * Math.ceil(batch / 32);
  const parameters = model.layers.map((layer, l) => ({
    wire: parameter(tf, layer.wireLogits, moments[l]!.wire, layer.wireLogits.length / layer.candidates),
    gate: parameter(tf, layer.gateLogits, moments[l]!.gate, layer.gateLogits.length / 16),
  }));
  const all = parameters.flatMap(({ wire, gate }) => [wire, gate]);
  const logits = parameters.map(
    ({ wire, gate }): LayerLogits => ({
      wire: wire.variables[0] as unknown as Tensor2D,
      gate: gate.variables[0] as unknown as Tensor2D,
    }),
  );
  return {
    stride,
    step(bits, loss, at) {
      tf.tidy(() => {
        const inputs = tf.tensor2d(unpacked(bits), [(bits.length * 32) / stride, stride]);
        const { grads } = tf.variableGrads(
          () => lossSink(tf, network.scores(logits, inputs), loss),
          all.map(({ variables }) => variables[0]),
        );
        for (const { variables } of all) {
          adam(tf, variables, grads[variables[0].name] ?? tf.zerosLike(variables[0]), at);
        }
      });
    },
    save() {
      for (const { variables, arrays } of all) {
        for (const [i, variable] of variables.entries()) arrays[i]!.set(variable.dataSync());
      }
    },
    load() {
      network.dispose();
      network = referenceNetwork(tf, model, mode);
      tf.tidy(() => {
        for (const { variables, arrays } of all) {
          for (const [i, variable] of variables.entries())
            variable.assign(tf.tensor(arrays[i]!, variable.shape));
        }
      });
    },
    close() {
      network.dispose();
      for (const { variables } of all) tf.dispose([...variables]);
    },
  };
}

function parameter(
  tf: Tensorflow,
  logits: Float32Array,
  { first, second }: Moments,
  rows: number,
): Parameter {
  const arrays = [logits, first, second] as const;
  const of = (array: Float32Array): Variable =>
    tf.tidy(() => tf.variable(tf.tensor2d(array, [rows, array.length / rows])));
  return { arrays, variables: [of(logits), of(first), of(second)] };
}

/** Ends the expression: what flows back into the scores is the gradient that `loss` gives. */
const lossSink = (tf: Tensorflow, scores: Tensor2D, loss: (scores: Float32Array) => Float32Array): Scalar =>
  tf.customGrad((s, save) => {
    (save as (tensors: Tensor[]) => void)([s as Tensor]);
    return {
      value: tf.scalar(0),
      gradFunc: (_dy, [saved]) => tf.tensor(loss(saved!.dataSync() as Float32Array), saved!.shape),
    };
  })(scores) as Scalar;

/** `adamStep` in TensorFlow.js. */
function adam(
  tf: Tensorflow,
  [value, first, second]: Parameter["variables"],
  gradient: Tensor,
  at: AdamStep,
): void {
  tf.tidy(() => {
    const [correct1, correct2, kept] = adamFactors(at);
    const m = tf.add(tf.mul(first, BETA1), tf.mul(gradient, 1 - BETA1));
    const v = tf.add(tf.mul(second, BETA2), tf.mul(tf.square(gradient), 1 - BETA2));
    const step = tf.div(tf.mul(m, correct1), tf.add(tf.sqrt(tf.mul(v, correct2)), EPSILON));
    first.assign(m);
    second.assign(v);
    value.assign(tf.sub(tf.mul(value, kept), step));
  });
}

/** One number a bit. */
function unpacked(bits: Uint32Array): Float32Array {
  const values = new Float32Array(32 * bits.length);
  for (let i = 0; i < values.length; i++) values[i] = (bits[i >>> 5]! >>> (i & 31)) & 1;
  return values;
}
