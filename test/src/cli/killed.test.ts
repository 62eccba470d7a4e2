import { readFileSync, rmSync } from "node:fs";
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
  "--set",
  "train.redraw=0.5",
];
const modelOf = (folder: string): Buffer => readFileSync(join(folder, "killed", "model.safetensors"));

test.each(seeds(1))(
  "killed at random moments and started again, training ends with the same bytes (seed %i)",
  async (seed) => {
    const random = new Random(seed);
    const [whole, folder] = [temporaryFolder(), temporaryFolder()];
    const begin = performance.now();
    expect((await dbnc(whole, ...ARGS, "--quiet")).status).toBe(0);
    let milliseconds = performance.now() - begin;
    let kills = 0;
    for (;;) {
      const { child, done } = startDbnc(folder, ARGS);
      // Most runs die before they are done; the start-up takes its share of each.
      const timer = setTimeout(() => child.kill("SIGKILL"), (0.3 + 0.6 * random.uniform()) * milliseconds);
      const { status, stderr } = await done;
      clearTimeout(timer);
      expect([0, null], stderr).toContain(status);
      if (status !== 0) {
        kills++;
      } else if (kills > 0) {
        break;
      } else {
        // The machine was busier while it was measured: begin again, and be quicker.
        rmSync(join(folder, "killed"), { recursive: true });
        milliseconds /= 2;
      }
    }
    expect(modelOf(folder).equals(modelOf(whole))).toBe(true);
  },
);
