import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Design } from "../../compiler/ir/design.js";
import { decodeDesign } from "../../compiler/model/design-codec.js";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const MNIST = join(process.env["DBNC_DATA"] ?? join(ROOT, "../shared/data"), "mnist");

/** Run folder and what the trainer is told: wide and shallow, deep, and with every layer voting. */
const NETWORKS: readonly (readonly [name: string, options: readonly string[]])[] = [
  ["demo-4x1000", ["--layers", "1000,1000,1000,1000"]],
  ["mnist-2x2000", ["--data", MNIST, "--layers", "2000,2000", "--epochs", "4"]],
  ["mnist-2x4000", ["--data", MNIST, "--layers", "4000,4000", "--epochs", "3"]],
  ["mnist-4x2000", ["--data", MNIST, "--layers", "2000,2000,2000,2000", "--epochs", "3"]],
  ["mnist-6x2000", ["--data", MNIST, "--layers", "2000,2000,2000,2000,2000,2000", "--epochs", "2"]],
];

/**
 * Frozen designs that the trainer made, before any pass, trained on the first call and then kept in `rtl-out/`. Those on
 * MNIST are left out, saying so, where there is no MNIST.
 */
export function* trainedDesigns(): Generator<readonly [name: string, design: Design]> {
  for (const [name, options] of NETWORKS) {
    if (options.includes(MNIST) && !existsSync(MNIST)) {
      console.log(`${name}: skipped, no ${MNIST} (DBNC_DATA names the folder of the data sets)`);
      continue;
    }
    const run = join(ROOT, "rtl-out", `bench-${name}`);
    dbnc("train", "--run", run, "--seed", "1", "--quiet", ...options);
    dbnc("optimize", "--run", run, "--quiet", "--passes", "none");
    yield readDesign(name, run);
  }
}

export function readDesign(name: string, run: string): readonly [string, Design] {
  const path = join(run, "design.safetensors");
  return [name, decodeDesign(readFileSync(path), path)];
}

function dbnc(...args: string[]): void {
  const { status } = spawnSync(process.execPath, [join(ROOT, "dist/src/cli/main.js"), ...args], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (status !== 0) throw new Error(`dbnc ${args[0]} ended with exit code ${status}`);
}
