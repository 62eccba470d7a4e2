import { count } from "../../base/format.js";
import type { NamedNetlist } from "../../compiler/ir/named-netlist.js";
import { gateCount, levels, type Netlist } from "../../compiler/ir/netlist.js";
import type { PassRecord } from "../../compiler/passes/runner.js";
import type { EquivalenceVerdict } from "../../compiler/verify/equivalence.js";
import { worst } from "../report/schema.js";

/** What `dbnc opt --json` prints (docs/equivalence.md). */
export interface OptResult {
  readonly input: string;
  /** Where the result was written, or null: no `--output`, refuted, or stopped at the time limit. */
  readonly output: string | null;
  /** The worst verdict of the passes; `unknown` when they did not come to their end. */
  readonly verdict: EquivalenceVerdict["tag"];
  readonly before: Size;
  readonly after: Size | null;
  readonly passes: readonly Omit<PassRecord, "counterexample">[];
  /** On which the refuted pass changed an output. */
  readonly counterexample: readonly { readonly name: string; readonly value: number }[] | null;
}

interface Size {
  readonly gates: number;
  readonly levels: number;
}

const sizeOf = (netlist: Netlist): Size => ({
  gates: gateCount(netlist),
  levels: levels(netlist).reduce((top, level) => Math.max(top, level), 0),
});

export interface Optimised {
  readonly input: string;
  readonly output: string | null;
  readonly circuit: NamedNetlist;
  readonly records: readonly PassRecord[];
  /** Null when the passes were stopped at the time limit. */
  readonly netlist: Netlist | null;
}

export function optResult({ input, output, circuit, records, netlist }: Optimised): OptResult {
  const verdict = netlist === null ? "unknown" : worst(records.map((record) => record.verdict));
  const found = records.find(({ counterexample }) => counterexample !== undefined)?.counterexample;
  return {
    input,
    output: netlist === null || verdict === "refuted" ? null : output,
    verdict: verdict as EquivalenceVerdict["tag"],
    before: sizeOf(circuit.netlist),
    after: netlist === null ? null : sizeOf(netlist),
    passes: records.map(({ counterexample: _, ...record }) => record),
    counterexample:
      found === undefined ? null : circuit.inputNames.map((name, i) => ({ name, value: found[i]! })),
  };
}

/** The last lines of `dbnc opt`, after those of the passes. */
export function formatOptResult({
  input,
  output,
  verdict,
  before,
  after,
  counterexample,
}: OptResult): string {
  const size = ({ gates, levels: depth }: Size): string => `${count(gates)} gates, ${count(depth)} levels`;
  const lines = [`${verdict}: ${input}: ${size(before)} → ${after === null ? "stopped" : size(after)}`];
  const ones = counterexample?.filter(({ value }) => value === 1).map(({ name }) => name);
  if (ones !== undefined)
    lines.push(`  the last pass changed an output where these inputs are 1: ${ones.join(" ") || "none"}`);
  lines.push(output === null ? "  nothing was written" : `  ${output}`);
  return `${lines.join("\n")}\n`;
}
