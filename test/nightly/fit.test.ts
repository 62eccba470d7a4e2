import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { ReportSchema } from "../../src/report/schema.js";
import { dbnc } from "../support/cli.js";
import { temporaryFolder } from "../support/folder.js";
import { testWithTool } from "../support/native-tool.js";

/** A little more than the smallest board's device holds. At 115,200 baud Icarus would take minutes for the netlist. */
const SMALL = [
  "--fit",
  "icestick",
  "--layers",
  "350",
  "--set",
  "train.epochs=3",
  "--set",
  "hardware.baud=1000000",
];

testWithTool("icebox_vlog")(
  "--fit prunes a circuit that is too large until it is placed, and every step to the bitstream is proved",
  async () => {
    const folder = temporaryFolder();
    const { status, stderr } = await dbnc(folder, "build", "--name", "fit", ...SMALL);
    expect([status, status === 0 ? "" : stderr]).toEqual([0, ""]);
    expect(stderr).toMatch(/too large/);
    expect(stderr).toMatch(/fits/);
    const { pruning, synthesis, bitstream } = ReportSchema.parse(
      JSON.parse(readFileSync(join(folder, "rtl-out", "fit", "report.json"), "utf8")),
    );
    expect(pruning!.met).toBe(true);
    expect(synthesis).toMatchObject({
      verdict: "proved",
      fits: true,
      testSet: { samples: 1000, mismatches: 0 },
    });
    expect(bitstream!.logicCells.used).toBeLessThanOrEqual(1280);
    expect(bitstream).toMatchObject({
      unpacked: "agreed",
      equivalence: "proved",
      testSet: { samples: 1000, mismatches: 0 },
    });
  },
  600_000,
);

testWithTool("nextpnr-ice40")(
  "--fit says what is nearest when no budget keeps the accuracy",
  async () => {
    const folder = temporaryFolder();
    const { status, stderr } = await dbnc(
      folder,
      "build",
      ...SMALL,
      "--layers",
      "2000",
      "--max-accuracy-drop",
      "0",
    );
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(/--fit ice40:hx1k: .* the nearest: .* gates/),
    ]);
  },
  600_000,
);
