import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ReportSchema } from "../../../src/report/schema.js";
import { dbnc } from "../../support/cli.js";
import { temporaryFolder, writeIn } from "../../support/folder.js";

const build = (folder: string, conv: string, ...more: string[]) =>
  dbnc(folder, "build", "--name", "conv", "--set", `network.conv=${conv}`, "--layers", "100", ...more);

test("a network with convolutional layers is trained, frozen, emitted and proved", async () => {
  const folder = temporaryFolder();
  const conv = "[{kernels: 4, depth: 2, pool: true}, {kernels: 6, depth: 3, size: 2, stride: 2}]";
  const { status, stdout } = await build(
    folder,
    conv,
    "--epochs",
    "2",
    "--set",
    "train.minimumSteps=150",
    "--set",
    "simulate.engines=[]",
  );
  expect(status).toBe(0);
  const report = ReportSchema.parse(
    JSON.parse(readFileSync(join(folder, "rtl-out", "conv", "report.json"), "utf8")),
  );
  // 14 x 14 pixels: 12 x 12 positions, pooled to 6 x 6; 3 x 3 positions.
  expect(report.gates).toMatchObject({ trained: 12 * 144 + 42 * 9 + 100, shared: 12 + 42 + 100 });
  expect(stdout).toContain("2,206 trained (154 shared)");
  expect(report.verification).toMatchObject({
    freeze: "proved",
    passes: "proved",
    design: "proved",
    rtl: "proved",
  });
  expect(report.verification.simulations!.every(({ mismatches }) => mismatches === 0)).toBe(true);
  expect(report.accuracy!.test).toBeGreaterThan(0.3);
}, 180_000);

test("what does not fit is refused with a hint", async () => {
  const folder = temporaryFolder();
  writeIn(folder, "flat.csv", "a,b\n1,x\n2,y\n1,x\n2,y\n1,x\n2,y\n1,x\n2,y\n1,x\n2,y\n");
  const message = async (conv: string, ...more: string[]): Promise<string> => {
    const { status, stderr } = await build(folder, conv, ...more);
    expect(status).toBe(1);
    return stderr;
  };
  expect(await message("[{kernels: 4, size: 15}]")).toContain(
    "network.conv.0: expected a receptive field that fits into a map of 14 x 14 but found size 15",
  );
  expect(await message("[{kernels: 4, size: 14, pool: true}]")).toContain("receptive field and pooling");
  expect(await message("[{kernels: 4}]", "--data", "flat.csv")).toContain("expected data that are images");
  expect(await message("[{kernels: 4, depth: 4}]")).toContain("network.conv.0.depth");
  expect(await message("[{kernels: 4}]", "--set", "encoder.thresholds=quantile")).toContain(
    "encoder.thresholds: expected thresholds that all pixels share",
  );
});
