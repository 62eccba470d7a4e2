import { UserError } from "../../base/errors.js";
import { type Encoder, type EncoderBit, type HardwareType, quantise } from "../../compiler/ir/encoder.js";
import { gateCount, type Netlist } from "../../compiler/ir/netlist.js";
import { groupSumReadout } from "../../compiler/ir/readout.js";
import type { Model } from "../../compiler/model/model.js";
import { thaw } from "../../compiler/model/thaw.js";
import type { Config } from "../config/schema.js";
import type { Samples } from "../data/dataset.js";
import { fitEncoder } from "../data/fit-encoder.js";
import type { PreparedData } from "../flow/prepared-data.js";

/**
 * A circuit that was learned elsewhere as a model: its inputs are the bits of an encoder made from the data set's
 * features and `encoder.thresholds`, its outputs vote in equal consecutive groups, one a class.
 *
 * @throws {UserError} when inputs or outputs do not fit the data set.
 */
export function modelOfNetlist(where: string, netlist: Netlist, data: PreparedData, config: Config): Model {
  const encoder = encoderOf(data, config);
  const { classNames } = data.dataset;
  if (netlist.inputs !== encoder.bits.length) {
    throw new UserError(
      "import/inputs",
      `${where}: expected ${encoder.bits.length} inputs, the encoder's bits, but found ${netlist.inputs}`,
      `${data.dataset.features.length} features at the thresholds ${JSON.stringify(config.encoder.thresholds)}: set encoder.thresholds to those that the network was trained with`,
    );
  }
  const outputs = netlist.outputs.length;
  if (outputs === 0 || outputs % classNames.length !== 0) {
    throw new UserError(
      "import/outputs",
      `${where}: expected a multiple of ${classNames.length} outputs, one group a class, but found ${outputs}`,
      "a group-sum readout gives every class the same number of consecutive outputs",
    );
  }
  if (gateCount(netlist) === 0)
    throw new UserError("import/empty", `${where}: expected gates but found none`, "check the file");
  const readout = groupSumReadout(classNames, outputs);
  return thaw({ encoder, core: netlist, readout }, { seed: config.seed, temperature: 1, candidates: 1 });
}

/**
 * One bit for every threshold of every number and for every category, also those that never vary, in the order that the
 * circuit's inputs have.
 */
function encoderOf({ dataset, train }: PreparedData, { encoder, import: { order } }: Config): Encoder {
  const thresholds = encoder.thresholds as readonly number[];
  const reached = withThresholds(train, dataset.features.length, thresholds);
  const { features } = fitEncoder(dataset.features, reached, encoder, dataset.shape !== undefined);
  const bits = features.flatMap(({ type }, feature) => bitsOf(type, feature, thresholds));
  return { features, bits: order === "feature" ? bits : byThreshold(bits) };
}

/** The samples and one more for each threshold, so that the hardware types reach that far. */
function withThresholds(train: Samples, features: number, thresholds: readonly number[]): Samples {
  const count = train.count + thresholds.length;
  const values = new Float64Array(count * features);
  values.set(train.values);
  const whole = Array.from({ length: features }, (_, f) => isWhole(train, features, f));
  thresholds.forEach((t, row) => {
    for (let f = 0; f < features; f++)
      values[(train.count + row) * features + f] = whole[f]! ? Math.ceil(t) : t;
  });
  return { count, values, labels: new Uint16Array(count) };
}

function isWhole({ count, values }: Samples, features: number, f: number): boolean {
  for (let s = 0; s < count; s++) if (!Number.isInteger(values[s * features + f]!)) return false;
  return true;
}

function bitsOf(type: HardwareType, feature: number, thresholds: readonly number[]): EncoderBit[] {
  if (type.kind === "category")
    return type.categories.map((_, value) => ({ feature, test: "equals", value }));
  const codeOf = (t: number): number =>
    type.kind === "fixed" && type.scale !== 1 ? quantise(type, t) : Math.ceil(t);
  return thresholds.map((t) => ({ feature, test: "at-least", value: codeOf(t) }));
}

/** The first bit of every feature, then the second of every feature, and so on. */
function byThreshold(bits: readonly EncoderBit[]): EncoderBit[] {
  const planes: EncoderBit[][] = [];
  const seen = new Map<number, number>();
  for (const bit of bits) {
    const rank = seen.get(bit.feature) ?? 0;
    seen.set(bit.feature, rank + 1);
    planes[rank] ??= [];
    planes[rank].push(bit);
  }
  return planes.flat();
}
