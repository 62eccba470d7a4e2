import { UserError } from "../../base/errors.js";
import type { Encoder } from "../../compiler/ir/encoder.js";
import type { Model } from "../../compiler/model/model.js";
import type { Dataset } from "../data/dataset.js";

/**
 * A model file that was written elsewhere, held against the data set that it is to be compiled with. Features and
 * classes are taken by position and get the data set's names.
 *
 * @throws {UserError} when numbers or kinds differ, or the same names come in another order.
 */
export function fitModelToData(where: string, model: Model, dataset: Dataset): Model {
  const { encoder, readout } = model;
  const names = dataset.features.map(({ name }) => name);
  sameList(
    where,
    "features",
    encoder.features.map(({ name }) => name),
    names,
  );
  sameList(where, "classes", readout.classNames, dataset.classNames);
  const features = encoder.features.map(({ type }, f) => {
    const feature = dataset.features[f]!;
    if ((type.kind === "category") !== (feature.kind === "category"))
      throw mismatch(where, `feature ${f} (${feature.name}) to be a ${feature.kind}`, type.kind);
    if (type.kind === "category" && feature.kind === "category")
      sameList(where, `categories of ${feature.name}`, type.categories, feature.categories);
    return { name: feature.name, type };
  });
  const renamed: Encoder = { features, bits: encoder.bits };
  return { ...model, encoder: renamed, readout: { ...readout, classNames: dataset.classNames } };
}

/** Equal in number, and not the same names in another order. */
function sameList(where: string, what: string, found: readonly string[], wanted: readonly string[]): void {
  if (found.length !== wanted.length)
    throw mismatch(where, `${wanted.length} ${what}, as the data set has,`, String(found.length));
  const known = new Set(wanted);
  const same = new Set(found).size === found.length && found.every((name) => known.has(name));
  const at = found.findIndex((name, i) => name !== wanted[i]);
  if (same && at >= 0)
    throw mismatch(where, `${what} in the data set's order, "${wanted[at]}" at place ${at},`, found[at]!);
}

const mismatch = (where: string, expected: string, found: string): UserError =>
  new UserError(
    "import/data",
    `${where}: expected ${expected} but found ${found}`,
    "name the data set that the network was trained on with --data",
  );
