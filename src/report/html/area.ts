import type { ReportInput } from "./input.js";
import { bar, count, escapeHtml, table } from "./markup.js";

/** Look-up tables by part, and what synthesis, place and route found, where they ran. */
export function areaSection({ report }: ReportInput): string | null {
  const { luts } = report;
  const mapped =
    luts === null
      ? []
      : (
          [
            ["LUT-6", luts.lut6],
            ["LUT-4", luts.lut4],
          ] as const
        ).map(([name, parts]) => {
          const { encoder, core, readout } = parts;
          const whole = encoder + core + readout;
          const shares = [
            { name: "encoder", value: encoder },
            { name: "core", value: core },
            { name: "readout", value: readout },
          ];
          return `<h3>${name}: ${count(whole)}, by our own mapper</h3>${bar(shares, whole)}`;
        });
  const measured = ["synthesis", "bitstream"].flatMap((key) => {
    const value: unknown = (report as unknown as Readonly<Record<string, unknown>>)[key];
    const rows = flattened(value, []);
    return rows.length === 0 ? [] : [`<h3>${key}</h3>${table(["", ""], rows, "numbers")}`];
  });
  return mapped.length + measured.length === 0 ? null : [...mapped, ...measured].join("");
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
