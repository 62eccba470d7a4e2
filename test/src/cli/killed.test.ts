import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Random } from "../../../base/random.js";
import { dbnc, startDbnc } from "../../support/cli.js";
import { temporaryFolder } from "../../support/folder.js";
import { seeds } from "../../support/random-design.js";

const ARGS = [
  "train",
  "--run",
  "killed",
  "--layers",
  "300,100",
  "--epochs",
  "30",
  "--set",
  "train.importance=true",
];
const modelOf = (folder: string): Buffer => readFileSync(join(folder, "killed", "model.safetensors"));

test.each(seeds(1))(
  "killed at random moments and started again, training ends with the same bytes (seed %i)",
  async (seed) => {
    const random = new Random(seed);
    const [whole, folder] = [temporaryFolder(), temporaryFolder()];
    const begin = performance.now();
    expect((await dbnc(whole, ...ARGS, "--quiet")).status).toBe(0);
    const milliseconds = performance.now() - begin;
    let kills = 0;
    for (;;) {
      const { child, done } = startDbnc(folder, ARGS);
      // Most runs die before they are done; the start-up takes its share of each.
      const timer = setTimeout(() => child.kill("SIGKILL"), (0.3 + 0.6 * random.uniform()) * milliseconds);
      const { status, stderr } = await done;
      clearTimeout(timer);
      expect([0, null], stderr).toContain(status);
      if (status === 0) break;
      kills++;
    }
    expect(kills).toBeGreaterThan(0);
    expect(modelOf(folder).equals(modelOf(whole))).toBe(true);
  },
);
