import type { Verdict } from "../schema.js";
import { worst } from "../schema.js";
import type { ReportInput } from "./input.js";
import { badge, count, escapeHtml, percent, table } from "./markup.js";

/** The numbers that matter, first. */
export function summarySection({ report, design }: ReportInput): string {
  const { accuracy, gates, luts, encoder, dataset } = report;
  const tiles: [label: string, value: string, note: string][] = [];
  if (accuracy !== null) {
    const soft = accuracy.testSoft === null ? "" : `, soft ${percent(accuracy.testSoft)}`;
    tiles.push([
      "test accuracy",
      percent(accuracy.test),
      `validation ${percent(accuracy.validation)}${soft}`,
    ]);
  }
  if (gates !== null)
    tiles.push([
      "gates",
      count(gates.final ?? gates.trained),
      gates.final === null ? "trained" : `${count(gates.trained)} trained`,
    ]);
  for (const [name, parts] of luts === null
    ? []
    : ([
        ["LUT-6", luts.lut6],
        ["LUT-4", luts.lut4],
      ] as const)) {
    const { encoder: e, core, readout } = parts;
    tiles.push([
      name,
      count(e + core + readout),
      `encoder ${count(e)}, core ${count(core)}, readout ${count(readout)}`,
    ]);
  }
  if (encoder !== null)
    tiles.push([
      "inputs",
      count(encoder.bits),
      `${count(encoder.width)} pins, ${count(encoder.features)} features`,
    ]);
  tiles.push(["votes", count(design.core.outputs.length), `${design.readout.classNames.length} classes`]);
  const data =
    dataset === null
      ? ""
      : `<p>${escapeHtml(dataset.name)}: ${count(dataset.train)} training, ${count(dataset.validation)} validation and ${count(dataset.test)} test samples.</p>`;
  const cards = tiles.map(
    ([label, value, note]) =>
      `<div class="tile"><span>${label}</span><strong>${value}</strong><small>${note}</small></div>`,
  );
  return `<div class="tiles">${cards.join("")}</div>${data}`;
}

/** The verdict of everything that was checked, null when nothing was. */
export function overallVerdict({ verification: v }: ReportInput["report"]): Verdict | null {
  const all = [v.import, v.freeze, v.passes, v.design, v.rtl, v.selfTest?.verdict ?? null];
  const simulated = (v.simulations ?? [])
    .map(({ verdict }) => verdict)
    .filter((verdict) => verdict !== "skipped");
  const found = [
    ...all.filter((verdict) => verdict !== null),
    ...simulated.filter((verdict) => verdict !== "agreed"),
  ];
  return found.length === 0 ? null : worst(found);
}

/** The chain of proofs, from the model to the Verilog, and the simulations. */
export function proofSection({ report, certificate }: ReportInput): string {
  const { verification: v } = report;
  const links: [string, Verdict | null][] = [
    ["imported circuit = model", v.import],
    ["model = frozen netlist", v.freeze],
    ["every pass", v.passes],
    ["model = design", v.design],
    ["design = Verilog", v.rtl],
    ["the checks find planted faults", v.selfTest?.verdict ?? null],
  ];
  const chain = links.flatMap(([what, verdict]) =>
    verdict === null ? [] : [`<li><span>${what}</span>${badge(verdict)}</li>`],
  );
  const simulated = (v.simulations ?? []).map(({ engine, samples, mismatches, verdict, reason }) => [
    escapeHtml(engine),
    count(samples),
    count(mismatches),
    badge(verdict),
    escapeHtml(reason),
  ]);
  const steps = (certificate?.steps ?? []).map(({ step, claim, verdict, how, conflicts }) => [
    escapeHtml(step),
    escapeHtml(claim),
    badge(verdict),
    conflicts === null ? "" : count(conflicts),
    escapeHtml(how),
  ]);
  return [
    `<ol class="chain">${chain.join("")}</ol>`,
    simulated.length === 0
      ? ""
      : `<h3>Simulated</h3>${table(["engine", "samples", "mismatches", "verdict", ""], simulated)}`,
    steps.length === 0
      ? ""
      : `<details><summary>Every step of the certificate (${steps.length})</summary>${table(["step", "claim", "verdict", "conflicts", "how"], steps, "steps")}</details>`,
  ].join("");
}
