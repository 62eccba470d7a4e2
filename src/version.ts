import { existsSync, readFileSync } from "node:fs";

/** The `package.json` above this file, in the source tree as in `dist/`. */
function packageFile(): URL {
  const beside = new URL("../package.json", import.meta.url);
  return existsSync(beside) ? beside : new URL("../../package.json", import.meta.url);
}

/** Version of dbnc. */
export const VERSION: string = (JSON.parse(readFileSync(packageFile(), "utf8")) as { version: string })
  .version;
