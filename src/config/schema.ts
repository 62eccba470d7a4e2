import { z } from "zod";
import { INTERFACES } from "../../compiler/emit/verilog/interface/kinds.js";
import { TARGET_NAMES } from "../../compiler/ir/target.js";
import { RANKINGS } from "../../compiler/prune/ranking.js";
import { BOARD_NAMES } from "../../compiler/synth/boards.js";

/**
 * The project file `dbnc.yaml`: one schema, one set of defaults. `describe` texts are the comments that
 * `dbnc init` writes and the reference in docs/config.md.
 */
const positive = z.int().min(1);
const fraction = z.number().gt(0).lt(1);

export const DataConfig = z.strictObject({
  source: z
    .string()
    .min(1)
    .default("demo")
    .describe("demo, a folder of IDX or CIFAR-10 files, or a CSV file"),
  test: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe("CSV only: file of test samples; null carves one from source"),
  testFraction: fraction
    .default(0.2)
    .describe("CSV only: share carved as test set when there is no test file"),
  validationFraction: fraction.default(0.1).describe("share of the training samples kept for validation"),
  header: z
    .boolean()
    .nullable()
    .default(null)
    .describe("CSV only: the first line holds names; null finds out"),
  label: z
    .union([z.string().min(1), z.int().min(0)])
    .default("last")
    .describe("CSV only: label column: first, last, a name, or an index from 0"),
  missing: z
    .enum(["error", "category", "drop-row"])
    .default("error")
    .describe(
      "CSV only: what an empty or ? field is: an error, a category of its own, or a reason to drop the row",
    ),
  comment: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe("CSV only: lines that start with this are passed over"),
  delimiter: z.string().min(1).nullable().default(null).describe("CSV only: field separator; null finds out"),
  drop: z
    .array(z.union([z.string().min(1), z.int().min(0)]))
    .default([])
    .describe("CSV only: columns to leave out, such as a row id"),
  exclude: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe("file of training samples to leave out, as dbnc audit-labels writes it"),
});

export const EncoderConfig = z.strictObject({
  bits: positive.max(255).default(3).describe("thermometer bits per numeric feature"),
  thresholds: z
    .union([z.enum(["uniform", "quantile"]), z.array(z.number()).min(1)])
    .default("uniform")
    .describe("uniform over the range, quantile of the training values, or a list in raw units"),
  width: positive.max(24).default(12).describe("bits of a fixed-point feature that is not integer"),
  minimumVariation: z
    .number()
    .min(0)
    .lt(0.5)
    .default(0)
    .describe("drop input bits whose rarer value has at most this share of the training samples"),
});

export const ImportConfig = z.strictObject({
  file: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe(
      "a network trained elsewhere, in place of training: a model file (.safetensors), BLIF or AIGER",
    ),
  order: z
    .enum(["feature", "threshold"])
    .default("feature")
    .describe(
      "BLIF and AIGER only: inputs feature by feature, or all features at the first threshold, then at the second, and so on",
    ),
});

const ConvConfig = z.strictObject({
  kernels: positive,
  depth: positive.max(3).default(2),
  candidates: positive.default(8),
  size: positive.default(3),
  stride: positive.default(1),
  pool: z.boolean().default(false),
});

export const NetworkConfig = z.strictObject({
  conv: z
    .array(ConvConfig)
    .default([])
    .describe(
      "images only: convolutional layers before the dense ones: kernels, depth, candidates, size, stride, pool",
    ),
  layers: z.array(positive).min(1).default([2000, 2000]).describe("two-input gates in each dense layer"),
  candidates: positive
    .nullable()
    .default(null)
    .describe("candidate fanins of each gate input; null for 16, or as many as there are"),
  locality: z
    .number()
    .gt(0)
    .nullable()
    .default(3)
    .describe(
      "images only: first-layer candidates lie within this many pixels of one centre; null for anywhere",
    ),
  votes: z
    .union([z.enum(["last", "all"]), positive])
    .default("last")
    .describe("which dense layers vote in the readout: last, all, or so many of the last ones"),
  temperature: z
    .number()
    .gt(0)
    .nullable()
    .default(null)
    .describe("divides the class counts; null chooses by size"),
});

export const TrainConfig = z.strictObject({
  mode: z
    .enum(["hard", "soft"])
    .default("hard")
    .describe("forward pass: hard bits, or relaxed and made hard at the end"),
  epochs: positive.default(30).describe("passes over the training samples"),
  minimumSteps: z
    .int()
    .min(0)
    .default(1000)
    .describe("train at least this many steps, however few samples there are"),
  batch: positive.default(128).describe("samples a step"),
  learningRate: z.number().gt(0).default(0.05).describe("Adam's peak rate; warm-up, then cosine to 0"),
  weightDecay: z.number().min(0).default(0).describe("a step multiplies logits by 1 - rate * weightDecay"),
  importance: z
    .boolean()
    .default(false)
    .describe("draw samples that the network still gets wrong more often, weighted accordingly"),
  redraw: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe(
      "share of each gate input's candidates, the weakest, drawn anew at every validation of the first 70% of training",
    ),
  augment: z
    .strictObject({
      shift: z.number().min(0).default(1),
      rotate: z.number().min(0).max(180).default(6),
      scale: z.number().min(0).lt(1).default(0.06),
      shear: z.number().min(0).lt(1).default(0.06),
      flip: z.boolean().default(false),
      until: z.number().min(0).max(1).default(1),
    })
    .nullable()
    .default(null)
    .describe(
      "images only: move training images at random by up to shift pixels, rotate degrees, scale, shear; flip mirrors half of them; after the share until of the steps they stay as they are",
    ),
  engine: z
    .enum(["wasm", "plain", "tensorflow"])
    .default("wasm")
    .describe(
      "what does the steps: WebAssembly kernels on all cores (hard mode), plain loops, or TensorFlow.js",
    ),
  threads: positive
    .nullable()
    .default(null)
    .describe("threads of the wasm engine; null for $DBNC_THREADS, or one a core; the result is the same"),
});

export const OptimizeConfig = z.strictObject({
  passes: z.array(z.string().min(1)).default(["default"]).describe("passes or pipelines, in order"),
});

export const PruneConfig = z.strictObject({
  ranking: z
    .enum(RANKINGS)
    .default("distortion")
    .describe("how gates to replace are ordered; magnitude and random are there to be compared with"),
  maxAccuracyDrop: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .default(null)
    .describe(
      "prune as far as validation accuracy falls by at most this, such as 0.002; null for no such bound",
    ),
  maxGates: z
    .int()
    .min(0)
    .nullable()
    .default(null)
    .describe("prune until at most so many gates are left; null for no such bound"),
  maxLuts: z
    .int()
    .min(0)
    .nullable()
    .default(null)
    .describe(
      "prune until encoder, core and readout take at most so many LUTs of hardware.target; null for no such bound",
    ),
  trim: z
    .boolean()
    .nullable()
    .default(null)
    .describe(
      "remove votes that the decision can do without along with the gates; null for yes unless gates alone are bounded",
    ),
  share: fraction
    .default(0.05)
    .describe("share of the live gates, and of the votes, that is chosen before all is measured anew"),
  samples: positive
    .default(8192)
    .describe("training samples, the undecided ones first, that the rankings which weigh samples look at"),
  dontCares: z
    .boolean()
    .default(true)
    .describe(
      "let gates compute other functions of the nodes before them, patterns that training samples never show being free",
    ),
  tune: z
    .strictObject({
      rounds: positive.default(3),
      epochs: z.int().min(0).default(10),
      learningRate: z.number().gt(0).default(0.02),
      candidates: positive.default(16),
      votes: z.int().min(0).default(8),
    })
    .nullable()
    .default(null)
    .describe(
      "prune in so many rounds and train on after each: rounds, epochs, learningRate and candidates of gates, votes (epochs of what votes weigh); null for no training",
    ),
  pareto: z
    .boolean()
    .default(false)
    .describe("write the curve of accuracy against gates for every ranking to pareto.csv and pareto.svg"),
});

export const HardwareConfig = z.strictObject({
  target: z
    .enum(TARGET_NAMES)
    .default("generic")
    .describe("device or family that the circuit is made for, such as ice40:up5k"),
  pipeline: positive
    .max(1000)
    .nullable()
    .default(null)
    .describe(
      "stages: registers on every path from features to class; null for none, or as many as fmax needs",
    ),
  fmax: z
    .number()
    .gt(0)
    .nullable()
    .default(null)
    .describe(
      "clock rate in MHz that stages are made for by a delay model; null where pipeline says how many",
    ),
  interface: z
    .enum(INTERFACES)
    .default("parallel")
    .describe("how samples come in and classes go out: all pins at once, or a wrapper around that"),
  lanes: positive.default(1).describe("axi-stream only: features a beat"),
  baud: positive.default(115_200).describe("uart only: bits a second, from the board's clock or else 12 MHz"),
  board: z
    .enum(BOARD_NAMES)
    .nullable()
    .default(null)
    .describe("board to make a bitstream for; its target is taken unless hardware.target says another"),
});

export const SynthConfig = z.strictObject({
  handover: z
    .enum(["auto", "luts", "gates"])
    .default("auto")
    .describe(
      "who maps to LUTs: our mapper, Yosys, or whichever ends smaller (both are tried on small designs)",
    ),
});

export const BitstreamConfig = z.strictObject({
  seeds: positive.max(100).default(3).describe("seeds to place and route with; the fastest result is packed"),
});

export const SimulateConfig = z.strictObject({
  engines: z
    .array(z.enum(["icarus", "verilator"]))
    .nullable()
    .default(null)
    .describe("RTL simulators to run; null runs those that are installed"),
  timeout: z
    .number()
    .gt(0)
    .default(1800)
    .describe("seconds after which an RTL simulator is stopped (verdict unknown)"),
  cycles: positive
    .default(1_000_000)
    .describe(
      "clock cycles for the test samples that go through the interface, a tenth of them for a netlist; the first ones that fit",
    ),
  waves: z
    .enum(["vcd", "fst"])
    .nullable()
    .default(null)
    .describe("write waves of the first samples to waves/; null: only around a mismatch, as VCD"),
  saif: z
    .boolean()
    .default(false)
    .describe("write switching activity over the test set to activity/, for power tools"),
  wavesSamples: positive.default(20).describe("samples that a wave file shows"),
});

export const VerifyConfig = z.strictObject({
  conflicts: positive
    .default(200_000)
    .describe("conflicts that one output may cost the SAT solver (verdict unknown past them)"),
  proof: z
    .boolean()
    .default(false)
    .describe("write a DRAT proof for every equivalence that is proved, to proof/"),
  queryTimeout: z
    .number()
    .gt(0)
    .default(120)
    .describe("seconds after which one SAT query is stopped (verdict unknown)"),
  native: z
    .boolean()
    .default(false)
    .describe("use the Yosys found on this machine instead of the bundled one"),
  together: z
    .int()
    .min(0)
    .default(64_000)
    .describe(
      "gates of the core up to which Yosys reads the Verilog at once; above, module by module in processes",
    ),
  selfTest: z
    .int()
    .min(0)
    .max(10_000)
    .default(0)
    .describe("faults to plant in each of netlist, Verilog and vectors to test the checks; 0 for none"),
});

export const ConfigSchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9_-]*$/, "expected a letter, then letters, digits, _ or -")
      .default("demo")
      .describe("names the run folder and the Verilog modules; taken from the data's name when not set"),
    seed: z.int().min(0).max(0xffff_ffff).default(1).describe("every random choice comes from it"),
    data: DataConfig.prefault({}),
    encoder: EncoderConfig.prefault({}),
    import: ImportConfig.prefault({}),
    network: NetworkConfig.prefault({}),
    train: TrainConfig.prefault({}),
    optimize: OptimizeConfig.prefault({}),
    prune: PruneConfig.prefault({}),
    hardware: HardwareConfig.prefault({}),
    simulate: SimulateConfig.prefault({}),
    verify: VerifyConfig.prefault({}),
    synth: SynthConfig.prefault({}),
    bitstream: BitstreamConfig.prefault({}),
  })
  .refine(({ hardware }) => hardware.pipeline === null || hardware.fmax === null, {
    path: ["hardware", "fmax"],
    error: "expected either hardware.pipeline or hardware.fmax but found both",
  })
  .refine(({ network, encoder }) => network.conv.length === 0 || encoder.thresholds !== "quantile", {
    path: ["encoder", "thresholds"],
    error:
      "expected thresholds that all pixels share, uniform or a list, beside network.conv but found quantile",
  });
export type Config = z.output<typeof ConfigSchema>;
