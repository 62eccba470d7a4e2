import { count } from "../../../base/format.js";
import { PARTS, totalCount } from "../../../compiler/synth/part-cost.js";
import type { ReportInput } from "./input.js";
import { bar, escapeHtml, table } from "./markup.js";

/** Look-up tables by part, before and after pruning, and what synthesis, place and route found, where they ran. */
export function areaSection({ report }: ReportInput): string | null {
  const { luts, pruning, hardware } = report;
  const before = luts === null ? "" : mapped(luts, pruning === null ? "" : " before pruning");
  const after = pruning === null ? "" : mapped(pruning.luts, " after pruning");
  const emitted = hardware === null ? "" : parts(hardware);
  const {
    how: _how,
    simulation: _simulation,
    testSet: _testSet,
    ...synthesis
  } = report.synthesis ?? { how: "", simulation: null, testSet: null };
  const { how: _read, testSet: _through, ...bitstream } = report.bitstream ?? { how: "", testSet: null };
  const later = Object.entries({ synthesis, bitstream });
  const measured = later.flatMap(([name, value]) => {
    const rows = flattened(value, []);
    return rows.length === 0 ? [] : [`<h3>${name}</h3>${table(["", ""], rows, "numbers")}`];
  });
  const all = [emitted === "" || pruning !== null ? before + after : "", emitted, ...measured].join("");
  return all === "" ? null : all;
}

/** The emitted circuit, a row for each part. */
function parts({
  interface: kind,
  lut6,
  lut4,
  flipFlops,
}: NonNullable<ReportInput["report"]["hardware"]>): string {
  const columns = [lut6, lut4, flipFlops];
  const rows = [
    ...PARTS.map((part) => [part, ...columns.map((counts) => count(counts[part]))]),
    ["all", ...columns.map((counts) => count(totalCount(counts)))],
  ];
  const bars = [["LUT-6", lut6] as const, ["LUT-4", lut4] as const].map(([name, counts]) => {
    const shares = PARTS.map((part) => ({ name: part, value: counts[part] }));
    return `<h4>${name}</h4>${bar(shares, totalCount(counts))}`;
  });
  const heads = ["", "LUT-6", "LUT-4", "flip-flops"];
  return `<h3>As emitted, with the interface ${kind}, by our own mapper</h3>${bars.join("")}${table(heads, rows, "numbers")}`;
}

function mapped({ lut4, lut6 }: NonNullable<ReportInput["report"]["luts"]>, when: string): string {
  const one = (name: string, { encoder, core, readout }: typeof lut4): string => {
    const whole = encoder + core + readout;
    const shares = Object.entries({ encoder, core, readout }).map(([part, value]) => ({ name: part, value }));
    return `<h3>${name}${when}: ${count(whole)}, by our own mapper</h3>${bar(shares, whole)}`;
  };
  return one("LUT-6", lut6) + one("LUT-4", lut4);
}

/** The plain values of a report section, by their path. */
function flattened(value: unknown, path: readonly string[]): [string, string][] {
  if (value === null || value === undefined) return [];
  if (typeof value !== "object")
    return [
      [escapeHtml(path.join(" ")), typeof value === "number" ? count(value) : escapeHtml(String(value))],
    ];
  return Object.entries(value).flatMap(([key, inner]) => flattened(inner, [...path, key]));
}
