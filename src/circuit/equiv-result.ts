import { count } from "../../base/format.js";
import { gateCount, type Netlist } from "../../compiler/ir/netlist.js";
import { simulate } from "../../compiler/simulate/bit-parallel.js";
import type { EquivalenceVerdict } from "../../compiler/verify/equivalence.js";
import type { MatchRule } from "../../compiler/verify/match-ports.js";
import { describeSweep, type SweepStatistics } from "../../compiler/verify/sweep/statistics.js";
import type { LoadedCircuit } from "./files.js";

/** What `dbnc equiv --json` prints (docs/equivalence.md). Names are those of the first circuit. */
export interface EquivResult {
  readonly verdict: EquivalenceVerdict["tag"];
  readonly a: SideSummary;
  readonly b: SideSummary;
  readonly matchedBy: MatchRule;
  /** How the sweep of the miter went; null when refuted or stopped. */
  readonly statistics: SweepStatistics | null;
  /** One input on which the circuits differ, and every output that then differs. */
  readonly counterexample: {
    readonly inputs: readonly { readonly name: string; readonly value: number }[];
    readonly outputs: readonly { readonly name: string; readonly a: number; readonly b: number }[];
  } | null;
  /** Outputs that stayed undecided. */
  readonly undecided: readonly string[];
  /** Why they did: conflicts, time, …; null when none did. */
  readonly reason: string | null;
  readonly seconds: number;
}

interface SideSummary {
  readonly path: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly gates: number;
}

export interface Compared {
  readonly a: LoadedCircuit;
  readonly b: LoadedCircuit;
  readonly matchedBy: MatchRule;
  /** The netlist of `b` with the ports of `a`. */
  readonly other: Netlist;
}

/** @param verdict null when the check was stopped at its time limit. */
export function equivResult(
  { a, b, matchedBy, other }: Compared,
  verdict: EquivalenceVerdict | null,
  seconds: number,
): EquivResult {
  const common = { a: summary(a), b: summary(b), matchedBy, seconds };
  const open = { statistics: null, counterexample: null, undecided: [], reason: null };
  const { netlist, inputNames, outputNames } = a.circuit;
  if (verdict === null)
    return { ...common, ...open, verdict: "unknown", undecided: outputNames, reason: "time" };
  if (verdict.tag === "proved")
    return { ...common, ...open, verdict: "proved", statistics: verdict.statistics };
  if (verdict.tag === "unknown") {
    const undecided = verdict.outputs.map((o) => outputNames[o]!);
    return {
      ...common,
      ...open,
      verdict: "unknown",
      statistics: verdict.statistics,
      undecided,
      reason: verdict.reason,
    };
  }
  const inputs = inputNames.map((name, i) => ({ name, value: verdict.counterexample[i]! }));
  const [left, right] = [netlist, other].map((side) => valuesOn(side, verdict.counterexample)) as [
    number[],
    number[],
  ];
  const outputs = outputNames
    .map((name, o) => ({ name, a: left[o]!, b: right[o]! }))
    .filter((output) => output.a !== output.b);
  return { ...common, ...open, verdict: "refuted", counterexample: { inputs, outputs } };
}

const summary = ({ path, circuit: { netlist } }: LoadedCircuit): SideSummary => ({
  path,
  inputs: netlist.inputs,
  outputs: netlist.outputs.length,
  gates: gateCount(netlist),
});

/** Every output on one input. */
const valuesOn = (netlist: Netlist, inputs: Uint8Array): number[] =>
  simulate(
    netlist,
    Array.from(inputs, (bit) => Uint32Array.of(bit)),
    1,
  ).map((row) => row[0]! & 1);

/** Lists longer than this are cut; `--json` has all of them. */
const SHOWN = 20;

function listed(items: readonly string[]): string {
  const rest = items.length - SHOWN;
  return `${items.slice(0, SHOWN).join(" ")}${rest > 0 ? ` … and ${count(rest)} more` : ""}`;
}

/** What `dbnc equiv` prints. */
export function formatEquivResult(result: EquivResult): string {
  const { a, b, matchedBy, verdict, seconds } = result;
  const side = (letter: string, { path, inputs, outputs, gates }: SideSummary): string =>
    `  ${letter}  ${path}: ${count(inputs)} inputs, ${count(outputs)} outputs, ${count(gates)} gates`;
  const head = `${verdict}: ${finding(result)} (matched by ${matchedBy}, ${seconds.toFixed(2)} s)`;
  return `${[head, side("A", a), side("B", b), ...difference(result)].join("\n")}\n`;
}

function finding({ a, verdict, statistics, undecided, reason, counterexample }: EquivResult): string {
  const total = count(a.outputs);
  const spent = statistics === null ? "" : `; ${describeSweep(statistics)}`;
  if (verdict === "proved") return `${total} outputs are equal${spent}`;
  if (verdict === "unknown")
    return `${count(undecided.length)} of ${total} outputs undecided, out of ${reason}${spent}`;
  return `${count(counterexample!.outputs.length)} of ${total} outputs differ on one input`;
}

function difference({ counterexample, undecided }: EquivResult): string[] {
  if (undecided.length > 0) return [`  undecided: ${listed(undecided)}`];
  if (counterexample === null) return [];
  const { inputs, outputs } = counterexample;
  const ones = inputs.filter(({ value }) => value === 1).map(({ name }) => name);
  const width = Math.max(...outputs.slice(0, SHOWN).map(({ name }) => name.length), 6);
  return [
    `  inputs that are 1 (the others are 0): ${ones.length === 0 ? "none" : ones.join(" ")}`,
    `  ${"output".padEnd(width)}  A  B`,
    ...outputs.slice(0, SHOWN).map((output) => `  ${output.name.padEnd(width)}  ${output.a}  ${output.b}`),
    ...(outputs.length > SHOWN ? [`  … and ${count(outputs.length - SHOWN)} more (--json has them)`] : []),
  ];
}
