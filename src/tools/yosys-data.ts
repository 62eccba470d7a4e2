import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { ExitCode, UserError } from "../../base/errors.js";
import { requireTool } from "./find-tool.js";

type Folder = { readonly [name: string]: Folder | string | URL };

/** The text of a file of Yosys's data folder, such as `ice40/cells_sim.v`. @throws {UserError} with exit code 4. */
export async function yosysDataFile(file: string, native: boolean): Promise<string> {
  try {
    if (native) return readFileSync(resolve(dirname(requireTool("yosys")), "../share/yosys", file), "utf8");
    const found = file
      .split("/")
      .reduce<Folder[string] | undefined>(
        (at, name) => (typeof at === "object" && !(at instanceof URL) ? at[name] : undefined),
        await bundledFolder(),
      );
    if (found instanceof URL) return readFileSync(fileURLToPath(found), "utf8");
    if (typeof found === "string") return found;
  } catch (error) {
    if (error instanceof UserError) throw error;
  }
  throw new UserError(
    "tool/broke",
    `Yosys: expected ${file} in its data folder but found none`,
    native ? "install Yosys again, or leave out --native" : "npm ci installs the bundled Yosys",
    ExitCode.toolMissing,
  );
}

/** The bundled Yosys has its data as a module beside its code. */
async function bundledFolder(): Promise<Folder> {
  const bundle = createRequire(import.meta.url).resolve("@yowasp/yosys");
  const resources = pathToFileURL(join(dirname(bundle), "resources-yosys.js"));
  const { filesystem } = (await import(resources.href)) as { filesystem: { share: Folder } };
  return filesystem.share;
}
