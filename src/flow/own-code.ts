import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { builtUrl } from "../../base/built-url.js";
import { sha256, sha256File, stableJson } from "./files.js";

/** Folders of the compiled program. */
const PARTS = ["base", "compiler", "sat", "src"];

/** SHA-256 over all compiled files of a program. @param root the folder that holds its parts, `dist/`. */
export function codeHash(root: string): string {
  const files = PARTS.flatMap((part) =>
    readdirSync(join(root, part), { recursive: true, encoding: "utf8" })
      .filter((file) => /\.(js|wasm)$/.test(file))
      .map((file) => join(part, file)),
  );
  return sha256(stableJson(files.sort().map((file) => [file, sha256File(join(root, file))])));
}

let own: string | undefined;
/** SHA-256 over this dbnc's compiled files: two builds of one version are told apart by it. */
export const ownCode = (): string => {
  own ??= codeHash(fileURLToPath(builtUrl(import.meta.url, "../../")));
  return own;
};
