import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { UserError } from "../../base/errors.js";
import { CIFAR_CLASSES, CIFAR_SHAPE, readCifar10 } from "./cifar10.js";
import { type Dataset, pixelFeatures, type Samples } from "./dataset.js";
import { readIdx, readIdxLabels } from "./idx.js";

/** The files of a data folder by what they hold. */
export type DataFolder =
  | { readonly kind: "idx"; readonly files: Readonly<Record<IdxRole, string>> }
  | { readonly kind: "cifar10"; readonly train: readonly string[]; readonly test: readonly string[] };

const IDX_ROLES = {
  trainImages: /^(?!.*(t10k|test)).*train.*images.*idx\d/i,
  trainLabels: /^(?!.*(t10k|test)).*train.*labels.*idx\d/i,
  testImages: /(t10k|test).*images.*idx\d/i,
  testLabels: /(t10k|test).*labels.*idx\d/i,
} as const;
type IdxRole = keyof typeof IDX_ROLES;

/** Find out what a folder holds. @throws {UserError} listing what was looked for and what was found. */
export function inspectFolder(path: string): DataFolder {
  const names = readdirSync(path).sort();
  const roles = Object.entries(IDX_ROLES).map(([role, pattern]) => ({
    role,
    found: names.filter((name) => pattern.test(name)),
  }));
  if (roles.every(({ found }) => found.length === 1)) {
    const files = Object.fromEntries(roles.map(({ role, found }) => [role, join(path, found[0]!)]));
    return { kind: "idx", files: files as Record<IdxRole, string> };
  }
  const train = names.filter((name) => /^data_batch.*\.bin(\.gz)?$/.test(name));
  const test = names.filter((name) => /^test_batch.*\.bin(\.gz)?$/.test(name));
  if (train.length > 0 && test.length > 0) {
    return {
      kind: "cifar10",
      train: train.map((name) => join(path, name)),
      test: test.map((name) => join(path, name)),
    };
  }
  const twice = roles.find(({ found }) => found.length > 1);
  const listed =
    names.length === 0 ? "an empty folder" : names.slice(0, 12).join(", ") + (names.length > 12 ? ", …" : "");
  throw new UserError(
    "data/folder-content",
    `${path}: expected train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte (or data_batch_*.bin and test_batch.bin) but found ${
      twice === undefined ? listed : `more than one of a kind: ${twice.found.join(", ")}`
    }`,
    "name the folder that holds the four IDX files (plain or .gz) or CIFAR-10's binary batches, or a CSV file",
  );
}

/** The files that a folder's data set is read from. */
export const filesOf = (folder: DataFolder): string[] =>
  folder.kind === "idx" ? Object.values(folder.files) : [...folder.train, ...folder.test];

/** Read the data set of a folder. */
export function readFolder(path: string): Dataset {
  const folder = inspectFolder(path);
  const name = basename(path);
  if (folder.kind === "cifar10") {
    const [train, test] = [readCifar10(folder.train), readCifar10(folder.test)];
    return {
      name,
      features: pixelFeatures(CIFAR_SHAPE, 8),
      classNames: CIFAR_CLASSES,
      train,
      test,
      shape: CIFAR_SHAPE,
    };
  }
  const { files } = folder;
  const train = readImages(files.trainImages, files.trainLabels);
  const test = readImages(files.testImages, files.testLabels);
  if (train.shape.join() !== test.shape.join()) {
    throw new UserError(
      "idx/shape",
      `${files.testImages}: expected images of ${train.shape.join(" x ")} but found ${test.shape.join(" x ")}`,
      "training and test images must agree",
    );
  }
  const classes = 1 + train.samples.labels.reduce((a, b) => Math.max(a, b), 0);
  test.samples.labels.forEach((label, i) => {
    if (label >= classes)
      throw new UserError(
        "idx/label",
        `${files.testLabels}: expected labels below ${classes} but found ${label} at index ${i}`,
        "the training labels do not have it",
      );
  });
  const features = pixelFeatures(train.shape, 8).map((f) =>
    train.bytes ? f : { kind: "number" as const, name: f.name },
  );
  const classNames = Array.from({ length: classes }, (_, c) => `${c}`);
  const shape = train.shape.length === 2 || train.shape.length === 3 ? { shape: train.shape } : {};
  return { name, features, classNames, train: train.samples, test: test.samples, ...shape };
}

function readImages(images: string, labels: string): { samples: Samples; shape: number[]; bytes: boolean } {
  const { dtype, shape, values } = readIdx(images);
  const classes = readIdxLabels(labels);
  const count = shape[0]!;
  if (shape.length < 2)
    throw new UserError(
      "idx/rank",
      `${images}: expected at least 2 dimensions but found 1`,
      "are images and labels swapped?",
    );
  if (classes.length !== count) {
    throw new UserError(
      "idx/mismatch",
      `${labels}: expected ${count} labels, one for each image of ${basename(images)}, but found ${classes.length}`,
      "the files are of different sets",
    );
  }
  return { samples: { count, values, labels: classes }, shape: shape.slice(1), bytes: dtype === "u8" };
}
