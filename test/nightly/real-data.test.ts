import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { type Report, ReportSchema } from "../../src/report/schema.js";
import { dbnc } from "../support/cli.js";
import { temporaryFolder } from "../support/folder.js";
import { real, testWithData } from "../support/real-data.js";

/** Build in a folder of its own; every check has to hold. */
async function build(...args: string[]): Promise<Report> {
  const folder = temporaryFolder();
  const { status, stderr } = await dbnc(folder, "build", "--name", "real", ...args);
  expect([status, status === 0 ? "" : stderr]).toEqual([0, ""]);
  return ReportSchema.parse(JSON.parse(readFileSync(join(folder, "rtl-out", "real", "report.json"), "utf8")));
}

const proved = { freeze: "proved", passes: "proved", design: "proved", rtl: "proved" };

describe("real data sets build, and every step is proved", () => {
  const cases: [string, number, string[]][] = [
    ["sklearn/iris.csv", 0.85, ["--layers", "300", "--bits", "7"]],
    ["sklearn/wine_data.csv", 0.85, ["--layers", "300,300", "--bits", "7"]],
    ["sklearn/digits.csv.gz", 0.88, ["--layers", "1000,500"]],
    [
      "tabular-float/Dry_Bean_Dataset.csv.gz",
      0.85,
      ["--layers", "700,350", "--bits", "15", "--epochs", "10"],
    ],
  ];
  for (const [file, accuracy, args] of cases) {
    testWithData(file)(file, async () => {
      const report = await build("--data", real(file), ...args);
      expect(report.verification).toMatchObject(proved);
      expect(report.accuracy!.test).toBeGreaterThan(accuracy);
    });
  }
  testWithData("uci/adult.data.gz")(
    "Adult: categories, gaps, wide integers, a test file of another form",
    async () => {
      const set = ["data.missing=category", "data.comment='|'", "train.minimumSteps=500"].flatMap((text) => [
        "--set",
        text,
      ]);
      const report = await build(
        "--data",
        real("uci/adult.data.gz"),
        "--test-data",
        real("uci/adult.test.gz"),
        "--layers",
        "400,200",
        "--epochs",
        "2",
        ...set,
      );
      expect(report.verification).toMatchObject(proved);
      expect([report.dataset!.test, report.accuracy!.test > 0.82]).toEqual([16281, true]);
    },
  );
  testWithData("uci/monks-1.train")(
    "MONK's 1, whose rule is known, is learned to the last of all 432 cases",
    async () => {
      const set = ["data.drop=[7]", "train.minimumSteps=3000"].flatMap((text) => ["--set", text]);
      const report = await build(
        "--data",
        real("uci/monks-1.train"),
        "--test-data",
        real("uci/monks-1.test"),
        "--label",
        "first",
        "--layers",
        "200,100",
        ...set,
      );
      expect(report.verification).toMatchObject(proved);
      expect(report.dataset!.test).toBe(432);
      expect(report.accuracy!.test).toBeGreaterThan(0.9);
    },
  );
});

/** The claim about MNIST takes half an hour; continuous integration, which asks for few seeds, leaves it out. */
const isFull = Number(process.env["DBNC_NIGHTLY_SEEDS"] ?? 200) >= 50;

testWithData("mnist").runIf(isFull)(
  "MNIST, default settings: at least 96% with at most 8,000 gates (median of 3 seeds)",
  async () => {
    const reports: Report[] = [];
    for (const seed of ["1", "2", "3"]) reports.push(await build("--data", real("mnist"), "--seed", seed));
    const accuracies = reports.map((report) => report.accuracy!.test).sort((a, b) => a - b);
    console.log(`MNIST test accuracies: ${accuracies.join(", ")}`);
    expect(accuracies[1]).toBeGreaterThan(0.96);
    for (const report of reports) {
      expect(report.gates!.trained).toBeLessThanOrEqual(8000);
      expect(report.verification).toMatchObject(proved);
      expect(report.verification.simulation).toMatchObject({ samples: 10000, mismatches: 0 });
    }
  },
);
