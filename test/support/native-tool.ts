import { spawnSync } from "node:child_process";
import { test } from "vitest";

/** Whether a program answers on this machine. */
export function isInstalled(program: string): boolean {
  return spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;
}

/**
 * `test` for what needs an outside program: skipped with its name where it is missing, but failing under CI,
 * where `scripts/install-tools` has to have installed it.
 */
export function testWithTool(program: string): typeof test {
  if (isInstalled(program)) return test;
  if (process.env["CI"] === undefined) {
    console.warn(`skipped: ${program} is not installed (scripts/install-tools installs it)`);
    return test.skip as unknown as typeof test;
  }
  test(`${program} is installed`, () => {
    throw new Error(`${program} is missing; scripts/install-tools should have installed it`);
  });
  return test.skip as unknown as typeof test;
}
