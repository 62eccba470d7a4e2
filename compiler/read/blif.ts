import { type Literal, literalOf } from "../ir/literal.js";
import type { NamedNetlist } from "../ir/named-netlist.js";
import { LITERAL, NetlistBuilder } from "../ir/netlist-builder.js";
import { buildCover } from "./blif-cover.js";
import { type FlatModel, flatten } from "./blif-flatten.js";
import { type BlifFail, blifFail, blifText } from "./blif-lines.js";
import { parseModels } from "./blif-models.js";
import { topologicalOrder } from "./topological.js";

/** What drives a net. */
const [NOTHING, INPUT] = [-2, -1];

/**
 * Read combinational BLIF (Berkeley Logic Interchange Format, University of California, 1992): `.names` in any order,
 * and models in models. The first model is the circuit.
 *
 * @param where names the file in errors.
 * @param name of the circuit where `.model` gives none.
 * @throws {UserError} with the line at which the file stops being such BLIF.
 * @remarks Linear in time and memory for flat files.
 */
export function readBlif(bytes: Uint8Array, where: string, name: string): NamedNetlist {
  const fail = blifFail(where);
  const models = parseModels(blifText(bytes, fail), name, fail);
  const top = models[0];
  if (top === undefined) return fail("empty", 1, "a .model", "none");
  const flat = flatten(models, fail);
  const names = [...top.signals.keys()];
  const [inputNames, outputNames] = [top.inputs, top.outputs].map((ports) => ports.map((s) => names[s]!)) as [
    string[],
    string[],
  ];
  return {
    name: top.name,
    netlist: netlistOf(flat, outputNames, top.line, fail),
    inputNames,
    outputNames,
    hasNames: true,
  };
}

/** Table or input that drives each net. @throws {UserError} for a net with two drivers. */
function driversOf({ nets, inputs, tables }: FlatModel, topLine: number, fail: BlifFail): Int32Array {
  const driver = new Int32Array(nets).fill(NOTHING);
  for (const net of inputs) {
    if (driver[net] !== NOTHING) fail("inputs", topLine, "inputs of different names", "two of one name");
    driver[net] = INPUT;
  }
  tables.forEach(({ table, nets: local }, t) => {
    const net = local[table.output]!;
    if (driver[net] !== NOTHING)
      fail(
        "driver",
        table.line,
        "one driver of each signal",
        `a second one of ${nameOf(tables[t]!, table.output)}`,
      );
    driver[net] = t;
  });
  return driver;
}

const nameOf = ({ model }: FlatModel["tables"][number], signal: number): string =>
  `"${[...model.signals.keys()][signal]!}"`;

function netlistOf(flat: FlatModel, outputNames: readonly string[], topLine: number, fail: BlifFail) {
  const { tables } = flat;
  const driver = driversOf(flat, topLine, fail);
  const driven = (net: number, line: number, name: () => string): number => {
    if (driver[net] === NOTHING)
      fail("undriven", line, "a driver of every signal that is read", `none of ${name()}`);
    return driver[net]!;
  };
  const start = new Uint32Array(tables.length + 1);
  tables.forEach(({ table }, t) => {
    start[t + 1] = start[t]! + table.inputs.length;
  });
  const reads = new Int32Array(start[tables.length]!);
  tables.forEach((flatTable, t) => {
    const { table, nets } = flatTable;
    table.inputs.forEach((signal, i) => {
      reads[start[t]! + i] = driven(nets[signal]!, table.line, () => nameOf(flatTable, signal));
    });
  });
  flat.outputs.forEach((net, o) => {
    driven(net, topLine, () => `the output "${outputNames[o]}"`);
  });
  const sorted = topologicalOrder({ start, reads });
  if ("cycle" in sorted) {
    const { table } = tables[sorted.cycle]!;
    return fail(
      "cycle",
      table.line,
      "no signal that depends on itself",
      nameOf(tables[sorted.cycle]!, table.output),
    );
  }
  const builder = new NetlistBuilder(flat.inputs.length, LITERAL);
  const literals = new Uint32Array(flat.nets);
  flat.inputs.forEach((net, i) => {
    literals[net] = literalOf(1 + i);
  });
  for (const t of sorted.order) {
    const { table, nets } = tables[t]!;
    const inputs = table.inputs.map((signal) => literals[nets[signal]!]! as Literal);
    literals[nets[table.output]!] = buildCover(builder, table, inputs);
  }
  return builder.finish(flat.outputs.map((net) => literals[net]! as Literal));
}
