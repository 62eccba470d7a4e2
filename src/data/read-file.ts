import { readFileSync, statSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { UserError } from "../../base/errors.js";

/**
 * A data file's bytes, unpacked when they are gzip's (told by the first two bytes, whatever the name).
 *
 * @throws {UserError} for a missing, unreadable or empty file, a folder, or damaged gzip data.
 */
export function readDataFile(path: string): Uint8Array {
  let bytes: Uint8Array;
  try {
    if (statSync(path).isDirectory()) {
      throw new UserError("data/folder", `${path}: expected a file but found a folder`, "name a file in it");
    }
    bytes = readFileSync(path);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError("data/missing", `${path}: expected a readable file but found none`, "check the path");
  }
  if (bytes.length === 0)
    throw new UserError("data/empty", `${path}: expected data but found an empty file`, "fetch it again");
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    const unpacked = gunzipSync(bytes);
    if (unpacked.length === 0)
      throw new UserError(
        "data/empty",
        `${path}: expected data but found an empty gzip file`,
        "fetch it again",
      );
    return unpacked;
  } catch (error) {
    if (error instanceof UserError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(
      "data/gzip",
      `${path}: expected whole gzip data but found: ${reason}`,
      "the download was probably cut off; fetch it again",
    );
  }
}
