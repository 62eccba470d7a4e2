import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "vitest";

const HERE = fileURLToPath(new URL("../../../shared/data", import.meta.url));
/** Folder of the real data sets: `$DBNC_DATA`, or `../shared/data` beside the project. */
export const DATA = process.env["DBNC_DATA"] ?? HERE;

/** Path of a real data file or folder. */
export const real = (path: string): string => join(DATA, path);

/** `test` for what needs real data: skipped, saying so, where there is none. They are never committed. */
export function testWithData(path: string): typeof test {
  if (existsSync(real(path))) return test;
  console.warn(`skipped: no ${real(path)} (DBNC_DATA names the folder of the data sets)`);
  return test.skip as unknown as typeof test;
}
