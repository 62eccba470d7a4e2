import { createHash } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { UserError } from "../../base/errors.js";

/**
 * Write a file whole or not at all: temporary name, fsync, rename.
 *
 * @throws {UserError} if the disk is full or the folder cannot be written; the old file then still stands.
 */
export function writeFileAtomic(path: string, content: string | Uint8Array): void {
  const temporary = `${path}.tmp-${process.pid}`;
  const bytes = typeof content === "string" ? Buffer.from(content, "utf8") : content;
  try {
    mkdirSync(dirname(path), { recursive: true });
    const file = openSync(temporary, "w");
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(
      "file/write",
      `${path}: expected to write ${bytes.length} bytes but found: ${reason}`,
      "check space and permissions",
    );
  }
}

/** @throws {UserError} if the file cannot be read. */
export function readFileChecked(path: string, hint: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch {
    throw new UserError("file/read", `${path}: expected a readable file but found none`, hint);
  }
}

/** Lower-case hexadecimal SHA-256. */
export const sha256 = (content: string | Uint8Array): string =>
  createHash("sha256").update(content).digest("hex");

/** SHA-256 of a file, or null when there is none. */
export const sha256File = (path: string): string | null =>
  existsSync(path) ? sha256(readFileSync(path)) : null;

/** JSON with sorted keys, so that equal values give equal bytes. */
export function stableJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
