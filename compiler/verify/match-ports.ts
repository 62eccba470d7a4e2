import { UserError } from "../../base/errors.js";
import type { NamedNetlist } from "../ir/named-netlist.js";
import type { Netlist } from "../ir/netlist.js";

/** How inputs and outputs of two circuits were brought together. */
export type MatchRule = "name" | "order";

export interface Matched {
  readonly by: MatchRule;
  /** The second circuit with its inputs and outputs in the first one's order. */
  readonly other: Netlist;
}

/** A circuit and what to call it in errors. */
export interface Side {
  readonly where: string;
  readonly circuit: NamedNetlist;
}

/**
 * Bring the ports of `b` into the order of `a`.
 *
 * @param by `name`: equal names belong together; `order`: equal positions. When absent: by name if both circuits
 * have names, else by order.
 * @throws {UserError} if the ports do not correspond one to one.
 */
export function matchPorts(a: Side, b: Side, by?: MatchRule): Matched {
  const rule = by ?? (a.circuit.hasNames && b.circuit.hasNames ? "name" : "order");
  const inputs = correspondence(rule, "inputs", a, b);
  const outputs = correspondence(rule, "outputs", a, b);
  return { by: rule, other: permuted(b.circuit.netlist, inputs, outputs) };
}

/** `found[i]` is the port of `b` that belongs to port `i` of `a`. */
function correspondence(rule: MatchRule, ports: "inputs" | "outputs", a: Side, b: Side): number[] {
  const namesOf = ({ circuit }: Side): readonly string[] =>
    ports === "inputs" ? circuit.inputNames : circuit.outputNames;
  const [left, right] = [namesOf(a), namesOf(b)];
  if (left.length !== right.length) {
    throw new UserError(
      "equiv/ports",
      `${b.where}: expected ${left.length} ${ports}, as in ${a.where}, but found ${right.length}`,
      "circuits are compared only when their ports correspond one to one",
    );
  }
  if (rule === "order") return left.map((_, i) => i);
  const index = indexByName(left, ports, a.where);
  const places = indexByName(right, ports, b.where);
  const missing = left.filter((name) => !places.has(name));
  if (missing.length > 0) {
    const extra = right.find((name) => !index.has(name));
    throw new UserError(
      "equiv/names",
      `${b.where}: expected the ${ports} of ${a.where} but found none named "${missing[0]}" (${missing.length} of ${left.length} missing; "${extra}" is one that ${a.where} lacks)`,
      "--by order matches them by position",
    );
  }
  return left.map((name) => places.get(name)!);
}

function indexByName(names: readonly string[], ports: string, where: string): Map<string, number> {
  const index = new Map<string, number>();
  names.forEach((name, i) => {
    if (index.has(name)) {
      throw new UserError(
        "equiv/names",
        `${where}: expected ${ports} of different names but found "${name}" twice`,
        "--by order matches them by position",
      );
    }
    index.set(name, i);
  });
  return index;
}

/** The netlist whose input `i` is input `inputs[i]` and whose output `o` is output `outputs[o]` of this one. */
function permuted(netlist: Netlist, inputs: readonly number[], outputs: readonly number[]): Netlist {
  const moved = new Uint32Array(1 + netlist.inputs);
  inputs.forEach((input, i) => {
    moved[1 + input] = 1 + i;
  });
  const at = (literal: number): number =>
    literal >>> 1 <= netlist.inputs ? 2 * moved[literal >>> 1]! + (literal & 1) : literal;
  return {
    ...netlist,
    fanin0: netlist.fanin0.map(at),
    fanin1: netlist.fanin1.map(at),
    outputs: Uint32Array.from(outputs, (o) => at(netlist.outputs[o]!)),
  };
}
