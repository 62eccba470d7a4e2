import { count } from "../../../base/format.js";
import { escapeXml } from "../plot.js";
import type { Verdict } from "../schema.js";

/** Text as content or attribute of the page. */
export const escapeHtml = escapeXml;

/** Rows of cells that are HTML already; the first row is the head, first cells are row heads. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], cls = ""): string {
  const cells = (row: readonly string[]): string =>
    row.map((cell, i) => (i === 0 ? `<th scope="row">${cell}</th>` : `<td>${cell}</td>`)).join("");
  const top = head.map((cell) => `<th scope="col">${cell}</th>`).join("");
  return `<div class="scroll"><table class="${cls}"><thead><tr>${top}</tr></thead><tbody>
${rows.map((row) => `<tr>${cells(row)}</tr>`).join("\n")}
</tbody></table></div>`;
}

const SYMBOL: Readonly<Record<Verdict, string>> = {
  proved: "✓",
  agreed: "✓",
  refuted: "✗",
  unknown: "?",
  skipped: "–",
};

/** A verdict, told by colour, sign and word. */
export const badge = (verdict: Verdict): string =>
  `<span class="badge ${verdict}">${SYMBOL[verdict]} ${verdict}</span>`;

/** A part of a whole as a bar of so many shares, with a legend. */
export function bar(
  parts: readonly { readonly name: string; readonly value: number }[],
  whole: number,
): string {
  const shown = parts.filter(({ value }) => value > 0);
  const pieces = shown.map(
    ({ value }, i) => `<i class="c${i % 6}" style="width:${share(value, whole)}"></i>`,
  );
  const legend = shown.map(
    ({ name, value }, i) => `<span><b class="c${i % 6}"></b>${name} ${count(value)}</span>`,
  );
  return `<div class="bar">${pieces.join("")}</div><div class="legend">${legend.join("")}</div>`;
}

const share = (value: number, whole: number): string =>
  `${whole === 0 ? 0 : ((100 * value) / whole).toFixed(2)}%`;

/** A value within a JSON script element. */
export const jsonScript = (id: string, value: unknown): string =>
  `<script type="application/json" id="${id}">${JSON.stringify(value).replaceAll("<", "\\u003c")}</script>`;

/** A picture of bytes that the page's script draws. @param pixels shape `[rows, columns]`, 0 to 255. */
export function heatmap(pixels: Uint8Array, columns: number, label: string): string {
  const bytes = Buffer.from(pixels).toString("base64");
  const rows = pixels.length / columns;
  return `<figure><canvas class="map" width="${columns}" height="${rows}" data-map="${bytes}" role="img" aria-label="${escapeHtml(label)}"></canvas><figcaption>${escapeHtml(label)}</figcaption></figure>`;
}
