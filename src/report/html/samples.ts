import { count } from "../../../base/format.js";
import type { ReportInput } from "./input.js";
import { escapeHtml, table } from "./markup.js";

/** Wrong samples that are shown. */
const SHOWN = 48;
/** Samples that the page holds, wrong ones first, to be classified anew in it. */
const EMBEDDED = 160;

/** Numbers of the wrong test samples. */
const wrongSamples = ({ test, predicted }: ReportInput): number[] =>
  [...predicted.keys()].filter((s) => predicted[s] !== test.labels[s]);

/** Numbers of the test samples that the page holds: wrong ones, then others, in order. */
export function embeddedSamples(input: ReportInput): number[] {
  const wrong = wrongSamples(input);
  const isWrong = new Set(wrong);
  const right = [...input.predicted.keys()].filter((s) => !isWrong.has(s));
  return [...wrong.slice(0, EMBEDDED / 2), ...right].slice(0, EMBEDDED);
}

/** Test samples that the circuit gets wrong. */
export function sampleSection(input: ReportInput): string {
  const { design, test, predicted, dataset } = input;
  const wrong = wrongSamples(input);
  const names = design.readout.classNames;
  const about = `<p>${count(wrong.length)} of ${count(test.count)} test samples are wrong${wrong.length > SHOWN ? `; the first ${SHOWN}` : ""}.</p>`;
  const said = (s: number): string =>
    `${escapeHtml(names[test.labels[s]!]!)} → <b>${escapeHtml(names[predicted[s]!]!)}</b>`;
  if (dataset.shape !== undefined && dataset.shape.length >= 2) {
    const figures = wrong
      .slice(0, SHOWN)
      .map(
        (s, i) =>
          `<figure><canvas class="sample" data-sample="${i}" title="test sample ${s}"></canvas><figcaption>${said(s)}</figcaption></figure>`,
      );
    return `${about}<div class="samples">${figures.join("")}</div>`;
  }
  const features = design.encoder.features.map(({ name }) => escapeHtml(name)).slice(0, 12);
  const width = design.encoder.features.length;
  const rows = wrong
    .slice(0, SHOWN)
    .map((s) => [`${s}`, said(s), ...features.map((_, f) => String(test.values[s * width + f]!))]);
  return about + (rows.length === 0 ? "" : table(["sample", "class → said", ...features], rows, "numbers"));
}
