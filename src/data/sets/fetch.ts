import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ExitCode, UserError } from "../../../base/errors.js";
import { sha256, writeFileAtomic } from "../../flow/files.js";
import { checkFile, checkSet } from "./check.js";
import { type DownloadOptions, download } from "./download.js";
import { type KnownFile, type KnownSet, usedFiles } from "./known-sets.js";
import { untar } from "./untar.js";

export interface FetchOptions extends Omit<DownloadOptions, "onBytes"> {
  /** The data folder. */
  readonly folder: string;
  /** A mirror with the files of every set in the set's folder; null for the publishers. */
  readonly baseUrl: string | null;
  /** Replace files that are there but wrong. */
  readonly force: boolean;
  readonly onBytes: (file: string, done: number, total: number) => void;
  readonly onFile: (path: string, what: "fetched" | "unpacked" | "there already") => void;
}

/** Bring a set's files into the data folder. @throws {UserError} as `download` does, or for wrong files that are there. */
export async function fetchSet(set: KnownSet, options: FetchOptions): Promise<void> {
  const wanted = usedFiles(set).map((known) => ({
    known,
    path: join(options.folder, set.folder, known.name),
  }));
  const states = await checkSet(set, options.folder);
  for (const { path, state } of states) {
    if (state === "right") options.onFile(path, "there already");
    else if (state !== "missing" && !options.force) throw wrong(path, state);
  }
  const missing = wanted.filter((_, i) => states[i]!.state !== "right");
  if (missing.length === 0) return;
  if (set.unpacked === undefined) {
    for (const { known, path } of missing) await fetchFile(set, known, path, options);
    return;
  }
  const archive = join(options.folder, set.folder, set.files[0]!.name);
  if ((await checkFile(archive, set.files[0]!)) !== "right")
    await fetchFile(set, set.files[0]!, archive, options);
  unpack(archive, missing, options);
}

const wrong = (path: string, state: string): UserError =>
  new UserError(
    "data/wrong",
    `${path}: expected the known file or none but found one of the ${state}`,
    "--force replaces it",
    ExitCode.refuted,
  );

async function fetchFile(
  set: KnownSet,
  known: KnownFile,
  path: string,
  options: FetchOptions,
): Promise<void> {
  const base = options.baseUrl === null ? set.url : `${options.baseUrl.replace(/\/+$/, "")}/${set.folder}`;
  await download(`${base}/${known.name}`, path, known, {
    ...options,
    onBytes: (done) => options.onBytes(known.name, done, known.bytes),
  });
  options.onFile(path, "fetched");
}

/** Take the missing files out of the archive, and remove it. */
function unpack(
  archive: string,
  missing: readonly { readonly known: KnownFile; readonly path: string }[],
  { onFile }: FetchOptions,
): void {
  const found = untar(readFileSync(archive), archive);
  for (const { known, path } of missing) {
    const bytes = found.get(known.name);
    if (bytes === undefined || sha256(bytes) !== known.sha256)
      throw wrong(`${archive}: ${known.name}`, "wrong hash");
    writeFileAtomic(path, bytes);
    onFile(path, "unpacked");
  }
  rmSync(archive);
}
