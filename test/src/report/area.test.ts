import { expect, test } from "vitest";
import { areaSection } from "../../../src/report/html/area.js";
import type { ReportInput } from "../../../src/report/html/input.js";
import { emptyReport, type Report } from "../../../src/report/schema.js";
import { formatReport } from "../../../src/report/terminal.js";

const luts = { encoder: 10, core: 20, readout: 30 };
const before = { ...emptyReport("x", 1), luts: { lut4: luts, lut6: luts } };
const report: Report = {
  ...before,
  hardware: {
    interface: "uart",
    latency: 2,
    lut4: { encoder: 1234, core: 20, readout: 30, interface: 40 },
    lut6: { encoder: 11, core: 19, readout: 29, interface: 39 },
    flipFlops: { encoder: 500, core: 0, readout: 7, interface: 60 },
  },
};

test("the closing table has a line for each part of what was emitted", () => {
  const lines = formatReport(report, "run").split("\n");
  const from = lines.findIndex((line) => line.includes("area"));
  const rows = lines.slice(from, from + 6).map((line) => line.trim().split(/ {2,}/));
  expect(rows).toEqual([
    ["area", "LUT-4", "LUT-6", "flip-flops"],
    ["encoder", "1,234", "11", "500"],
    ["core", "20", "19", "0"],
    ["readout", "30", "29", "7"],
    ["interface (uart)", "40", "39", "60"],
    ["all", "1,324", "98", "567"],
  ]);
  expect(formatReport(report, "run")).not.toMatch(/LUT-4 +[\d,]+: encoder/);
  expect(formatReport(before, "run")).toMatch(/LUT-4 +60: encoder 10, core 20, readout 30/);
});

test("the report page has them in a table", () => {
  const section = (of: Report): string => areaSection({ report: of } as ReportInput)!;
  const row = (name: string): string[] => {
    const found = new RegExp(`<tr><th scope="row">${name}</th>(.*?)</tr>`).exec(section(report));
    return [...found![1]!.matchAll(/<td>(.*?)<\/td>/g)].map((cell) => cell[1]!);
  };
  expect(row("encoder")).toEqual(["11", "1,234", "500"]);
  expect(row("interface")).toEqual(["39", "40", "60"]);
  expect(row("all")).toEqual(["98", "1,324", "567"]);
  expect(section(before)).not.toContain("interface");
});
