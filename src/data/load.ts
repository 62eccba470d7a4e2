import { existsSync, statSync } from "node:fs";
import { basename } from "node:path";
import { UserError } from "../../base/errors.js";
import type { Encoder } from "../../compiler/ir/encoder.js";
import { CIFAR_SHAPE, isCifar10File, readCifar10 } from "./cifar10.js";
import { type CsvDataOptions, readTestCsv, readTrainingCsv, readUnlabelledCsv } from "./csv.js";
import type { Dataset, Samples } from "./dataset.js";
import { demoDataset } from "./demo.js";
import { filesOf, inspectFolder, readFolder } from "./folder.js";
import { parseIdx } from "./idx.js";
import { readDataFile } from "./read-file.js";
import { splitSamples } from "./split.js";

export interface LoadOptions extends CsvDataOptions {
  /** `demo`, a folder of IDX or CIFAR-10 files, or a CSV file. */
  readonly source: string;
  /** CSV: the file of test samples; null carves `testFraction` from `source`. */
  readonly test: string | null;
  readonly testFraction: number;
  /** A file that names training samples to leave out, or null. */
  readonly exclude: string | null;
}

const isFolder = (path: string): boolean => statSync(path).isDirectory();

function checkSource(source: string): void {
  if (existsSync(source)) return;
  throw new UserError(
    "data/missing",
    `${source}: expected a folder or a file but found none`,
    "data.source is demo, a folder of IDX or CIFAR-10 files, or a CSV file",
  );
}

/** The files that the samples come from; none for the demo but that of the excluded ones. */
export function dataFiles({ source, test, exclude }: LoadOptions): string[] {
  const excluded = exclude === null ? [] : [exclude];
  if (source === "demo") return excluded;
  checkSource(source);
  if (isFolder(source)) return [...filesOf(inspectFolder(source)), ...excluded];
  return [source, ...(test === null ? [] : [test]), ...excluded];
}

/** Read a data set (docs/formats/data.md). @throws {UserError} for anything missing, damaged or unfit. */
export function loadDataset(options: LoadOptions, seed: number): Dataset {
  if (options.source === "demo") return demoDataset(seed);
  checkSource(options.source);
  if (isFolder(options.source)) {
    if (options.test === null) return readFolder(options.source);
    throw new UserError(
      "data/test",
      `data.test: expected none beside the folder ${options.source} but found ${options.test}`,
      "a folder holds its own test samples; --test-data is for CSV files",
    );
  }
  const { layout, samples } = readTrainingCsv(options.source, options);
  const name = basename(options.source)
    .replace(/\.gz$/, "")
    .replace(/\.[^.]*$/, "");
  if (options.test !== null)
    return { name, ...layout, train: samples, test: readTestCsv(options.test, options, layout) };
  const classes = layout.classNames.length;
  const { rest, part } = splitSamples(samples, {
    fraction: options.testFraction,
    classes,
    seed,
    purpose: "test",
  });
  return { name, ...layout, train: rest, test: part };
}

/**
 * Read samples to classify with a trained network's encoder: an IDX file of samples, CIFAR-10's binary form, or CSV.
 * Labels that the file has are passed over.
 */
export function loadSamples(path: string, encoder: Encoder, options: CsvDataOptions): Samples {
  if (isCifar10File(path)) return fittingSamples(path, readCifar10([path]), encoder);
  // An IDX file begins with two zero bytes; no text does.
  const bytes = readDataFile(path);
  if (bytes[0] === 0 && bytes[1] === 0) {
    const { shape, values } = parseIdx(bytes, path);
    const count = shape[0]!;
    return fittingSamples(path, { count, values, labels: new Uint16Array(count) }, encoder, shape);
  }
  const features = encoder.features.map(({ name, type }) =>
    type.kind === "category"
      ? { kind: "category" as const, name, categories: type.categories }
      : { kind: "number" as const, name },
  );
  return readUnlabelledCsv(path, options, { features, classNames: [] });
}

function fittingSamples(
  path: string,
  samples: Samples,
  encoder: Encoder,
  shape: readonly number[] = [samples.count, ...CIFAR_SHAPE],
): Samples {
  const found = samples.values.length / samples.count;
  if (samples.count === 0 || found === encoder.features.length) return samples;
  throw new UserError(
    "data/shape",
    `${path}: expected ${encoder.features.length} values a sample but found ${found} (${shape.join(" x ")})`,
    "the network was trained on samples of another size",
  );
}
