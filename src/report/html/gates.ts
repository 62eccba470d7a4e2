import { count } from "../../../base/format.js";
import { GATE_FORMS } from "../../../compiler/ir/gate-functions.js";
import { GATE_SHAPES, gateProfile } from "../../../compiler/ir/gate-profile.js";
import { largest, type ModelLayer } from "../../../compiler/model/model.js";
import type { ProfiledPass, ReportInput } from "./input.js";
import { bar, escapeHtml, table } from "./markup.js";

/** What was trained, by function and layer; what the passes left, by form and level. */
export function gateSection(input: ReportInput): string {
  const { model, profiles, design, report } = input;
  const layers = model.layers.map(functionsOf);
  const head = ["function", ...layers.map((_, l) => `layer ${l + 1}`)];
  const rows = GATE_FORMS.map(({ name }, f) => [
    `<code>${escapeHtml(name)}</code>`,
    ...layers.map((layer) => dash(layer[f]!)),
  ]);
  const last = { after: report.pruning === null ? "optimize" : "prune", levels: gateProfile(design.core) };
  const passes = profiles.length > 0 && report.pruning === null ? profiles : [...profiles, last];
  return `<h3>Trained</h3>${table(head, rows, "numbers")}
<h3>After each pass</h3>${passTable(passes, report.passes ?? [])}
<h3>By level</h3>${passes.map((pass) => levelDetails(pass, pass === passes.at(-1))).join("")}`;
}

const dash = (n: number): string => (n === 0 ? "·" : count(n));

/** How many gates of a layer compute each of the sixteen functions. */
function functionsOf({ gateLogits }: ModelLayer): number[] {
  const counts = new Array<number>(16).fill(0);
  for (let at = 0; at < gateLogits.length; at += 16) counts[largest(gateLogits, at, 16)]!++;
  return counts;
}

type Passes = NonNullable<ReportInput["report"]["passes"]>;

function passTable(profiles: readonly ProfiledPass[], passes: Passes): string {
  const rows = profiles.map(({ after, levels }, i) => {
    const stats = i === 0 ? undefined : passes[i - 1]?.stats;
    const what = Object.entries(stats ?? {}).filter(([, n]) => n > 0);
    return [
      escapeHtml(after),
      count(levels.flat().reduce((a, b) => a + b, 0)),
      ...GATE_SHAPES.map((_, s) => dash(levels.reduce((n, level) => n + level[s]!, 0))),
      count(levels.length),
      what.map(([name, n]) => `${escapeHtml(name)} ${count(n)}`).join(", "),
    ];
  });
  const shapes = GATE_SHAPES.map((name) => `<code>${escapeHtml(name)}</code>`);
  return table(["after", "gates", ...shapes, "levels", "what it did"], rows, "numbers");
}

function levelDetails({ after, levels }: ProfiledPass, open: boolean): string {
  const most = Math.max(1, ...levels.map((level) => level.reduce((a, b) => a + b, 0)));
  const rows = levels.map((level, l) => [
    String(l + 1),
    bar(
      GATE_SHAPES.map((name, s) => ({ name: escapeHtml(name), value: level[s]! })),
      most,
    ),
  ]);
  return `<details${open ? " open" : ""}><summary>${escapeHtml(after)}: ${levels.length} levels</summary>${table(["level", "gates"], rows, "levels")}</details>`;
}
