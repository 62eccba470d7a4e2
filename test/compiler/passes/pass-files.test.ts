import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { emitBlif } from "../../../compiler/emit/blif.js";
import { designOf } from "../../../compiler/ir/named-netlist.js";
import { resolvePasses } from "../../../compiler/passes/registry.js";
import { readBlif } from "../../../compiler/read/blif.js";
import { createCdclSolver } from "../../../sat/cdcl/solver.js";

/** `test/passes/<pass>/<case>.in` is BLIF whose first line says what to run; `.expect` is what comes out. */
const FOLDER = fileURLToPath(new URL("../../passes/", import.meta.url));
const context = { seed: 1, patterns: [], samples: 0, createSolver: createCdclSolver };
const cases = readdirSync(FOLDER, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".in"))
  .sort();

test.each(cases)("%s", async (name) => {
  const path = `${FOLDER}${name}`;
  const bytes = readFileSync(path);
  const passes = /^# passes: (.+)\n/.exec(bytes.toString("utf8"))![1]!;
  const circuit = readBlif(bytes, path, "case");
  let design = designOf(circuit);
  for (const pass of resolvePasses(passes.split(","))) {
    ({ design } = await pass.run(design, context));
  }
  const text = emitBlif({ ...circuit, netlist: design.core }, []);
  await expect(text).toMatchFileSnapshot(path.replace(/\.in$/, ".expect"));
});
