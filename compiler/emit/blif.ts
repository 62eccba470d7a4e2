import { UserError } from "../../base/errors.js";
import { GateKind } from "../ir/gate-functions.js";
import type { NamedNetlist } from "../ir/named-netlist.js";
import { firstGate } from "../ir/netlist.js";

/** Fanin columns of `.names` for AND and XOR with these complements, one row a line of the cover. */
function cover(kind: number, complement0: number, complement1: number): string[] {
  if (kind === GateKind.And) return [`${1 - complement0}${1 - complement1} 1`];
  return complement0 === complement1 ? ["10 1", "01 1"] : ["00 1", "11 1"];
}

/**
 * Berkeley Logic Interchange Format: one `.names` a gate (`n<node>`, or a longer prefix where a port has such a name).
 *
 * @param comment lines without `#`, such as version and seed.
 * @throws {UserError} for port names that the format cannot hold: with spaces, `#` or `\`, or one name for two
 * different signals.
 */
export function emitBlif(circuit: NamedNetlist, comment: readonly string[]): string {
  const { name: model, netlist, inputNames, outputNames } = circuit;
  const driven = outputDrivers(circuit);
  const lines = comment.map((line) => `# ${line}`);
  lines.push(`.model ${model}`, ...wrapped(".inputs", inputNames), ...wrapped(".outputs", outputNames));
  const first = firstGate(netlist);
  const prefix = freePrefix([...inputNames, ...outputNames]);
  const zero = `${prefix}0`;
  const read = (node: number): string =>
    node === 0 ? zero : node < first ? inputNames[node - 1]! : `${prefix}${node}`;
  const isConstant = (literal: number): boolean => literal >>> 1 === 0;
  if (netlist.fanin0.some(isConstant) || netlist.fanin1.some(isConstant)) lines.push(`.names ${zero}`);
  for (let g = 0; g < netlist.kind.length; g++) {
    const [f0, f1] = [netlist.fanin0[g]!, netlist.fanin1[g]!];
    lines.push(
      `.names ${read(f0 >>> 1)} ${read(f1 >>> 1)} ${prefix}${first + g}`,
      ...cover(netlist.kind[g]!, f0 & 1, f1 & 1),
    );
  }
  for (const [output, literal] of driven) {
    if (isConstant(literal)) lines.push(`.names ${output}`, ...(literal === 1 ? ["1"] : []));
    else lines.push(`.names ${read(literal >>> 1)} ${output}`, (literal & 1) === 1 ? "0 1" : "1 1");
  }
  lines.push(".end", "");
  return lines.join("\n");
}

/** The outputs that need a driver of their own, with their literals: not those that are an input of the same name. */
function outputDrivers({ netlist, inputNames, outputNames }: NamedNetlist): Map<string, number> {
  const known = new Map<string, number>();
  const define = (name: string, literal: number): void => {
    if (!/^[^\s#\\]+$/.test(name)) throw cannotHold(name, "a name without spaces, # and \\");
    if ((known.get(name) ?? literal) !== literal) throw cannotHold(name, "one signal of that name");
    known.set(name, literal);
  };
  inputNames.forEach((name, i) => {
    define(name, 2 * (1 + i));
  });
  outputNames.forEach((name, o) => {
    define(name, netlist.outputs[o]!);
  });
  for (const name of inputNames) known.delete(name);
  return known;
}

const cannotHold = (name: string, expected: string): UserError =>
  new UserError(
    "blif/name",
    `BLIF: expected ${expected} but found the port "${name}"`,
    "write AIGER (.aig or .aag), which holds any names, or rename the port",
  );

/** `n`, or with as many `_` as it takes that no port is called like a gate. */
function freePrefix(ports: readonly string[]): string {
  const taken = new Set(ports.flatMap((name) => /^(n_*)\d+$/.exec(name)?.[1] ?? []));
  let prefix = "n";
  while (taken.has(prefix)) prefix += "_";
  return prefix;
}

/** Names after a keyword, continued with a backslash so that lines stay short. */
function wrapped(keyword: string, names: readonly string[]): string[] {
  const rows: string[] = [];
  for (let from = 0; from < names.length; from += 12) rows.push(names.slice(from, from + 12).join(" "));
  return [keyword, ...rows].map(
    (row, r, all) => `${r === 0 ? "" : "  "}${row}${r < all.length - 1 ? " \\" : ""}`,
  );
}
