import { count, percent } from "../../base/format.js";
import { PARTS, totalCount } from "../../compiler/synth/part-cost.js";
import type { Report, SimulationRecord, Verdict } from "./schema.js";

/** What the lossy part came to; all rows above it are without. */
function pruningRows({ pruning, hardware }: Pick<Report, "pruning" | "hardware">): [string, string][] {
  if (pruning === null) return [];
  const { ranking, savings, gates, votes, luts, foldedLuts, validation, test, nearest } = pruning;
  const total = ({ encoder, core, readout }: typeof luts.lut4): string => count(encoder + core + readout);
  return [
    ["pruned", `${count(gates.before)} to ${count(gates.after)} gates by ${ranking}; lossy`],
    ["replaced by", savings.map((saving) => `${saving.kind} ${count(saving.gates)}`).join(", ")],
    [
      "votes",
      `${count(votes.before)} to ${count(votes.folded)} by folding, lossless; to ${count(votes.after)} by pruning, lossy`,
    ],
    ["LUTs folded", `${total(foldedLuts.lut4)} LUT-4, ${total(foldedLuts.lut6)} LUT-6; lossless so far`],
    ...(hardware !== null
      ? []
      : [
          [
            "LUTs then",
            `${total(luts.lut4)} LUT-4, ${total(luts.lut6)} LUT-6, readout and encoder included`,
          ] as [string, string],
        ]),
    [
      "accuracy then",
      `${percent(test)} test, ${percent(validation.after)} validation (before ${percent(validation.before)})`,
    ],
    ...(nearest === null ? [] : [["budget", `missed; the nearest is above`] as [string, string]]),
  ];
}

/** What the emitted circuit takes, a line for each part. */
function hardwareRows({ hardware }: Pick<Report, "hardware">): [string, string][] {
  if (hardware === null) return [];
  const { lut4, lut6, flipFlops } = hardware;
  const line = (of: (count: typeof lut4) => number): string =>
    [lut4, lut6, flipFlops].map((counts) => count(of(counts)).padStart(7)).join("  ");
  const around = hardware.interface === "parallel" ? "interface" : `interface (${hardware.interface})`;
  return [
    ["area", `${["LUT-4", "LUT-6"].map((name) => name.padStart(7)).join("  ")}  flip-flops`],
    ...PARTS.map((part): [string, string] => [
      `  ${part === "interface" ? around : part}`,
      line((counts) => counts[part]),
    ]),
    ["  all", line(totalCount)],
  ];
}

/** Rows of the closing table: what, value, verdict. */
function rows(report: Report): [string, string][] {
  const { dataset, accuracy, gates, luts, encoder, verification: v } = report;
  const table: [string, string][] = [];
  if (dataset !== null) {
    const sizes = `${count(dataset.train)} train, ${count(dataset.validation)} validation, ${count(dataset.test)} test`;
    table.push([
      "data",
      `${dataset.name}: ${sizes}; ${dataset.features} features, ${dataset.classes} classes`,
    ]);
  }
  if (encoder !== null)
    table.push(["encoder", `${count(encoder.width)} raw bits to ${count(encoder.bits)} input bits`]);
  if (gates !== null) {
    const live = [gates.frozen, gates.final].map((n) => (n === null ? "–" : count(n)));
    const shared = gates.shared === gates.trained ? "" : ` (${count(gates.shared)} shared)`;
    table.push(["gates", `${count(gates.trained)} trained${shared}, ${live[0]} frozen, ${live[1]} final`]);
  }
  if (gates !== null && gates.frozen !== null && gates.final !== null) {
    const lossy = report.pruning === null ? 0 : gates.final - report.pruning.gates.after;
    table.push(["gates saved", `${count(gates.frozen - gates.final)} lossless, ${count(lossy)} lossy`]);
  }
  for (const [name, parts] of luts === null || (report.hardware !== null && report.pruning === null)
    ? []
    : ([
        ["LUT-4", luts.lut4],
        ["LUT-6", luts.lut6],
      ] as const)) {
    const { encoder: e, core, readout } = parts;
    table.push([
      name,
      `${count(e + core + readout)}: encoder ${count(e)}, core ${count(core)}, readout ${count(readout)}`,
    ]);
  }
  if (accuracy !== null) {
    const soft = accuracy.testSoft === null ? "" : `, soft test ${percent(accuracy.testSoft)}`;
    table.push([
      "accuracy",
      `${percent(accuracy.test)} test, ${percent(accuracy.validation)} validation${soft}`,
    ]);
  }
  table.push(...pruningRows(report), ...hardwareRows(report));
  const verdict = (name: string, value: Verdict | null): void => {
    if (value !== null) table.push([name, value]);
  };
  verdict("import = model", v.import);
  verdict("model = netlist", v.freeze);
  verdict("passes", v.passes);
  verdict("pruning applied", v.pruning);
  verdict("model = design", v.design);
  verdict("design = Verilog", v.rtl);
  if (v.selfTest !== null) {
    const { verdict: result, planted, caught, harmless, missed, falseAlarms, undecided } = v.selfTest;
    const wrong = missed + falseAlarms + undecided;
    const rest = wrong === 0 ? "" : `, ${missed} missed, ${falseAlarms} false alarms, ${undecided} undecided`;
    table.push([
      "self-test",
      `${result}: ${planted} faults planted, ${caught} caught, ${harmless} proved harmless${rest}`,
    ]);
  }
  for (const record of v.simulations ?? []) {
    const { engine, interface: through } = record;
    table.push([
      `simulated (${through === undefined ? engine : `${engine}, ${through}`})`,
      simulated(record),
    ]);
  }
  if (report.synthesis !== null) {
    const { target, handover, resources, verdict: result, testSet, simulation } = report.synthesis;
    const cells = resources.logicCells === null ? "" : `, ${count(resources.logicCells)} logic cells`;
    const by = handover === "luts" ? "our mapper" : "Yosys";
    table.push([
      `synthesised (${target})`,
      `${count(resources.luts)} LUTs by ${by}, ${count(resources.flipFlops)} flip-flops${cells}`,
    ]);
    table.push(["netlist = design", result]);
    for (const [name, record] of [
      ["netlist, test set", testSet],
      ["netlist (icarus)", simulation],
    ] as const)
      if (record !== null) table.push([name, simulated(record)]);
  }
  if (report.bitstream !== null) {
    const { board, file, logicCells, fmax, clock, seeds, equivalence, how, testSet } = report.bitstream;
    const speeds = seeds.map(({ fmax: found }) => found ?? "–").join(", ");
    table.push([
      `bitstream (${board})`,
      `${file}, ${count(logicCells.used)} of ${count(logicCells.available)} logic cells`,
    ]);
    table.push(["bitstream = netlist", equivalence === "skipped" ? `skipped: ${how}` : equivalence]);
    if (testSet !== null) table.push(["bitstream, test set", simulated(testSet)]);
    table.push(["Fmax", `${fmax ?? "–"} MHz (seeds: ${speeds}) for a clock of ${clock} MHz`]);
  }
  const total = Object.values(report.seconds).reduce((sum, seconds) => sum + seconds, 0);
  table.push(["time", `${total.toFixed(1)} s`]);
  return table;
}

const simulated = ({ samples, mismatches, verdict, reason }: SimulationRecord): string =>
  verdict === "skipped" || verdict === "unknown"
    ? `${verdict}: ${reason}`
    : `${count(samples)} samples, ${mismatches} mismatches`;

/** The closing table and where the result lies. */
export function formatReport(report: Report, path: string): string {
  const table = rows(report);
  const width = Math.max(...table.map(([name]) => name.length));
  const lines = table.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`);
  return `\n${report.name} (seed ${report.seed})\n${lines.join("\n")}\n\n  ${path}\n`;
}
