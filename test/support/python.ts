import { spawnSync } from "node:child_process";
import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "vitest";
import { writeIn } from "./folder.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Debian's own Python, which `scripts/install-tools` gives PyTorch, or the one on the PATH. */
const PYTHON = ["/usr/bin/python3", "python3"].find(
  (program) => spawnSync(program, ["-c", "import torch, numpy"]).status === 0,
);

/** `test` for what needs a real PyTorch: skipped, saying so, where there is none, but failing under CI. */
export function testWithTorch(): typeof test {
  if (PYTHON !== undefined) return test;
  if (process.env["CI"] !== undefined)
    test("PyTorch is installed", () => {
      throw new Error("python3-torch is missing; scripts/install-tools should have installed it");
    });
  else console.warn("skipped: no Python with PyTorch (scripts/install-tools installs it)");
  return test.skip as unknown as typeof test;
}

/** Run a script of test/src/import beside the Python of docs/import.md (as `dbnc_torch`). @returns standard output. */
export function python(folder: string, script: string, ...args: string[]): string {
  const page = readFileSync(join(ROOT, "docs/import.md"), "utf8");
  const blocks = [...page.matchAll(/```python\n([\s\S]*?)```/g)].map((block) => block[1]!);
  writeIn(folder, "dbnc_torch.py", blocks.join("\n"));
  for (const file of ["layers.py", script]) cpSync(join(ROOT, "test/src/import", file), join(folder, file));
  const ran = spawnSync(PYTHON!, [join(folder, script), ...args], { encoding: "utf8", maxBuffer: 1 << 26 });
  if (ran.status !== 0) throw new Error(`${script}: ${ran.stderr}`);
  return ran.stdout;
}
