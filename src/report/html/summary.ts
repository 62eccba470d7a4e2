import { count, percent } from "../../../base/format.js";
import type { Verdict } from "../schema.js";
import { simulationsOf, worst } from "../schema.js";
import type { ReportInput } from "./input.js";
import { badge, escapeHtml, table } from "./markup.js";

type Tile = readonly [label: string, value: string, note: string];

/** The numbers that matter, first: those of what is emitted, after pruning if there was any. */
export function summarySection({ report, design }: ReportInput): string {
  const { encoder, dataset } = report;
  const tiles = [...accuracyTiles(report), ...sizeTiles(report), ...hardwareTiles(report)];
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

type RunReport = ReportInput["report"];

function accuracyTiles({ accuracy, pruning }: RunReport): Tile[] {
  if (accuracy === null) return [];
  if (pruning !== null) {
    const note = `validation ${percent(pruning.validation.after)}; ${percent(accuracy.test)} before pruning`;
    return [["test accuracy", percent(pruning.test), note]];
  }
  const soft = accuracy.testSoft === null ? "" : `, soft ${percent(accuracy.testSoft)}`;
  return [["test accuracy", percent(accuracy.test), `validation ${percent(accuracy.validation)}${soft}`]];
}

function sizeTiles({ gates, luts, pruning, hardware }: RunReport): Tile[] {
  const tiles: Tile[] = [];
  if (gates !== null) {
    const before = pruning === null ? "" : `, ${count(pruning.gates.before)} before pruning`;
    const left = pruning?.gates.after ?? gates.final ?? gates.trained;
    tiles.push(["gates", count(left), `${count(gates.trained)} trained${before}`]);
  }
  const cost = hardware ?? pruning?.luts ?? luts;
  for (const [name, parts] of cost === null
    ? []
    : ([
        ["LUT-6", cost.lut6],
        ["LUT-4", cost.lut4],
      ] as const)) {
    const values = Object.entries(parts);
    const note = values.map(([part, value]) => `${part} ${count(value)}`).join(", ");
    tiles.push([name, count(values.reduce((sum, [, value]) => sum + value, 0)), note]);
  }
  return tiles;
}

function hardwareTiles({ synthesis, bitstream }: RunReport): Tile[] {
  const tiles: Tile[] = [];
  if (synthesis !== null) {
    const { target, resources, fits } = synthesis;
    const held = fits === null ? "" : fits ? ", fits" : ", does not fit";
    const note = `${count(resources.flipFlops)} flip-flops${held}`;
    tiles.push([escapeHtml(target), `${count(resources.luts)} LUTs`, note]);
  }
  if (bitstream !== null) {
    const { board, fmax, clock, logicCells } = bitstream;
    const cells = `${count(logicCells.used)} of ${count(logicCells.available)} logic cells`;
    tiles.push([
      "Fmax",
      fmax === null ? "unknown" : `${fmax} MHz`,
      `${escapeHtml(board)} at ${clock} MHz, ${cells}`,
    ]);
  }
  return tiles;
}

/** The verdict of everything that was checked, null when nothing was. */
export function overallVerdict({ verification: v, synthesis, bitstream }: RunReport): Verdict | null {
  const all = [
    v.import,
    v.freeze,
    v.passes,
    v.pruning,
    v.design,
    v.rtl,
    v.selfTest?.verdict ?? null,
    synthesis?.verdict ?? null,
    bitstream?.timing ?? null,
    bitstream?.unpacked ?? null,
    ...(bitstream == null || bitstream.equivalence === "skipped" ? [] : [bitstream.equivalence]),
  ];
  const simulated = simulationsOf({ verification: v, synthesis, bitstream })
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
    ["pruning, as listed", v.pruning],
    ["model = design", v.design],
    ["design = Verilog", v.rtl],
    ["design = synthesised netlist", report.synthesis?.verdict ?? null],
    ["timing meets the board's clock", report.bitstream?.timing ?? null],
    ["bitstream, unpacked = placed netlist", report.bitstream?.unpacked ?? null],
    ["synthesised netlist = bitstream", report.bitstream?.equivalence ?? null],
    ["the checks find planted faults", v.selfTest?.verdict ?? null],
  ];
  const chain = links.flatMap(([what, verdict]) =>
    verdict === null ? [] : [`<li><span>${what}</span>${badge(verdict)}</li>`],
  );
  const simulated = simulationsOf(report).map(({ engine, samples, mismatches, verdict, reason }) => [
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
