import { areaSection } from "./area.js";
import { classSection } from "./classes.js";
import { drawSection, embedded } from "./draw.js";
import { gateSection } from "./gates.js";
import type { ReportInput } from "./input.js";
import { badge, escapeHtml, jsonScript } from "./markup.js";
import { plotSection } from "./plots.js";
import { pruningSection } from "./pruning.js";
import { sampleSection } from "./samples.js";
import { STYLE } from "./style.js";
import { overallVerdict, proofSection, summarySection } from "./summary.js";
import { wiringSection } from "./wiring.js";

/** One part of the page; null where a run has nothing of it. */
interface Section {
  readonly id: string;
  readonly title: string;
  html(input: ReportInput): string | null;
}

/** The parts of the page, in order. */
const SECTIONS: readonly Section[] = [
  { id: "numbers", title: "Numbers", html: summarySection },
  { id: "proofs", title: "Proofs", html: proofSection },
  { id: "draw", title: "Try it", html: drawSection },
  { id: "plots", title: "Plots", html: plotSection },
  { id: "pruning", title: "Pruning", html: pruningSection },
  { id: "classes", title: "Classes", html: classSection },
  { id: "area", title: "Area", html: areaSection },
  { id: "gates", title: "Gates", html: gateSection },
  { id: "wiring", title: "Wiring", html: wiringSection },
  { id: "wrong", title: "Wrong samples", html: sampleSection },
];

/**
 * The report of a run: one HTML file that needs nothing from outside. The same input gives the same bytes.
 *
 * @param script what runs in the page (`client/`), as JavaScript.
 * @param key names what the page was made of.
 */
export function renderPage(input: ReportInput, script: string, key: string): string {
  const { name, seed } = input.report;
  const verdict = overallVerdict(input.report);
  const parts = SECTIONS.flatMap(({ id, title, html }) => {
    const content = html(input);
    return content === null ? [] : [{ id, title, content }];
  });
  const body = `<header><h1>${escapeHtml(name)}</h1><p>seed ${seed} ${verdict === null ? "" : badge(verdict)} <span id="check"></span></p>
<nav>${parts.map(({ id, title }) => `<a href="#${id}">${title}</a>`).join(" ")}</nav></header>
<main>${parts.map(({ id, title, content }) => `<section id="${id}"><h2>${title}</h2>${content}</section>`).join("\n")}</main>
<footer>dbnc ${escapeHtml(input.version)}</footer>
${jsonScript("circuit", embedded(input))}
<script type="module">${script}</script>`;
  return htmlPage(name, key, body);
}

/** A whole page in the report's style. */
export const htmlPage = (title: string, key: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="dbnc-key" content="${key}">
<title>${escapeHtml(title)} – dbnc</title>
<style>${STYLE}</style>
</head>
<body>
${body}
</body>
</html>
`;
