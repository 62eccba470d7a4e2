import { gunzipSync } from "node:zlib";
import { UserError } from "../../../base/errors.js";

const BLOCK = 512;

/**
 * The regular files of a gzipped tar archive (POSIX ustar), by the last part of their names.
 *
 * @throws {UserError} for what is no whole archive.
 */
export function untar(packed: Uint8Array, where: string): Map<string, Uint8Array> {
  const fail = (): never => {
    throw new UserError(
      "data/tar",
      `${where}: expected a gzipped tar archive but found something else`,
      "fetch it again with --force",
    );
  };
  let bytes: Uint8Array;
  try {
    bytes = gunzipSync(packed);
  } catch {
    return fail();
  }
  const files = new Map<string, Uint8Array>();
  for (let at = 0; at + BLOCK <= bytes.length && bytes[at] !== 0; ) {
    const text = (from: number, length: number): string =>
      Buffer.from(bytes.subarray(at + from, at + from + length))
        .toString("latin1")
        .replace(/\0.*$/s, "");
    const size = Number.parseInt(text(124, 12).trim() || "0", 8);
    if (text(257, 5) !== "ustar" || !(size >= 0) || at + BLOCK + size > bytes.length) fail();
    const name = text(0, 100).split("/").at(-1)!;
    if (name !== "" && ["0", ""].includes(text(156, 1)))
      files.set(name, bytes.subarray(at + BLOCK, at + BLOCK + size));
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files.size > 0 ? files : fail();
}
