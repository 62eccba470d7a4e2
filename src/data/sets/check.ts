import { createHash } from "node:crypto";
import { createReadStream, statSync } from "node:fs";
import { join } from "node:path";
import type { KnownFile, KnownSet } from "./known-sets.js";
import { usedFiles } from "./known-sets.js";

/** `right`: size and hash are the pinned ones. */
export type FileState = "right" | "missing" | "wrong size" | "wrong hash";

export interface CheckedFile {
  readonly path: string;
  readonly state: FileState;
}

/** Whether a file is the known one; the hash is only taken where the size is right. */
export async function checkFile(path: string, { bytes, sha256 }: KnownFile): Promise<FileState> {
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined) return "missing";
  if (size !== bytes) return "wrong size";
  return (await hashOf(path)) === sha256 ? "right" : "wrong hash";
}

/** SHA-256 of a file of any size. */
async function hashOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

/** Every file of a set under the data folder. */
export const checkSet = (set: KnownSet, folder: string): Promise<CheckedFile[]> =>
  Promise.all(
    usedFiles(set).map(async (known) => {
      const path = join(folder, set.folder, known.name);
      return { path, state: await checkFile(path, known) };
    }),
  );
