import { basename } from "node:path";
import type { Config } from "../config/schema.js";
import { dataFiles, loadDataset } from "../data/load.js";
import { sha256, sha256File } from "./files.js";
import { type PreparedData, prepareData } from "./prepared-data.js";

/** The data set of a command: hashed and read at most once, and only when a stage asks. */
export interface DataSession {
  /** SHA-256 of every data file and of an imported network by name; for the demo, of what was drawn. */
  dataHashes(): Promise<Readonly<Record<string, string>>>;
  data(): Promise<PreparedData>;
}

export function dataSession(config: Config): DataSession {
  let prepared: PreparedData | undefined;
  const data = async (): Promise<PreparedData> => {
    prepared ??= prepareData(loadDataset(config.data, config.seed), config);
    return prepared;
  };
  return {
    data,
    async dataHashes() {
      const imported = config.import.file === null ? [] : [config.import.file];
      const files = [...dataFiles(config.data), ...imported];
      const hashes = Object.fromEntries(files.map((path) => [basename(path), sha256File(path)!]));
      if (config.data.source !== "demo") return hashes;
      const { train, test } = (await data()).dataset;
      const drawn = [train, test].flatMap(({ values, labels }) => [bytesOf(values), bytesOf(labels)]);
      return { "demo (drawn)": sha256(Buffer.concat(drawn)), ...hashes };
    },
  };
}

const bytesOf = (array: ArrayBufferView): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
