import type { LutNetlist } from "../ir/lut-netlist.js";
import type { Family } from "../ir/target.js";
import type { CutChain } from "../map/readout-netlist.js";
import { type Bit, LUT, type YosysModule } from "../read/yosys-json.js";
import { carryCells } from "./carry-chain.js";
import { LUT_PRIMITIVES } from "./primitives.js";

type Cell = YosysModule["cells"][string];

/** Where a LUT netlist goes in a module: nets that drive its inputs, and nets that its outputs are to drive. */
export interface Frame {
  /** First net that is free. */
  readonly free: number;
  /** Shape `[inputs]`. */
  readonly sources: readonly Bit[];
}

/** Cells of a LUT netlist and the net (or constant) of each of its outputs. */
export interface MappedCells {
  readonly cells: Readonly<Record<string, Cell>>;
  /** Shape `[outputs]`. */
  readonly outputs: readonly Bit[];
  /** First net that is free now. */
  readonly free: number;
}

/**
 * A LUT netlist as cells of a family. The complement of a LUT costs nothing where no output wants the LUT itself: the
 * table is complemented, and those that read it expect that. Otherwise it is an inverter.
 */
export function mappedCells(luts: LutNetlist, family: Family, { free, sources }: Frame): MappedCells {
  const first = 1 + luts.inputs;
  const turned = complementedOnly(luts);
  const isTurned = (node: number): number => (node < first ? 0 : turned[node - first]!);
  const net = (node: number): Bit =>
    node === 0 ? "0" : node < first ? sources[node - 1]! : free + node - first;
  const cells: Record<string, Cell> = {};
  for (let l = 0; l + 1 < luts.start.length; l++) {
    const fanins = luts.fanin.subarray(luts.start[l]!, luts.start[l + 1]!);
    const flips = fanins.reduce((mask, node, i) => mask | (isTurned(node) << i), 0);
    const table = Array.from({ length: 2 ** fanins.length }, (_, p) => {
      const pattern = p ^ flips;
      return ((luts.truth[2 * l + (pattern >> 5)]! >>> (pattern & 31)) & 1) ^ turned[l]!;
    });
    cells[`lut${l}`] = lutCell(family, Array.from(fanins, net), table, net(first + l));
  }
  let next = free + luts.start.length - 1;
  const inverted = new Map<number, Bit>();
  const outputs = Array.from(luts.outputs, (literal): Bit => {
    const [node, complement] = [literal >>> 1, literal & 1];
    if (node === 0) return complement === 1 ? "1" : "0";
    if (complement === isTurned(node)) return net(node);
    const found = inverted.get(node);
    if (found !== undefined) return found;
    cells[`inverter${node}`] = lutCell(family, [net(node)], [1, 0], next);
    inverted.set(node, next);
    return next++;
  });
  return { cells, outputs, free: next };
}

/** Shape `[luts]`: 1 for LUTs that outputs want complemented, and none as they are. */
function complementedOnly({ inputs, start, outputs }: LutNetlist): Uint8Array {
  const plain = new Uint8Array(inputs + start.length);
  const complemented = new Uint8Array(plain.length);
  for (const literal of outputs) ((literal & 1) === 1 ? complemented : plain)[literal >>> 1] = 1;
  return complemented.map((bit, node) => bit & ~plain[node]! & 1).subarray(1 + inputs);
}

/** One LUT. @param table shape `[2 ^ inputs]`; bit `i` of the index is input `i`. */
function lutCell(family: Family, inputs: readonly Bit[], table: readonly number[], output: Bit): Cell {
  const binary = (rows: readonly number[]): string => [...rows].reverse().join("");
  if (family === "generic") {
    return {
      type: LUT,
      parameters: { LUT: binary(table), WIDTH: inputs.length.toString(2).padStart(32, "0") },
      port_directions: { A: "input", Y: "output" },
      connections: { A: [...inputs], Y: [output] },
    };
  }
  const { type, inputs: pins, output: pin, parameter, least } = LUT_PRIMITIVES[family];
  const size = Math.max(least, inputs.length);
  const padded = Array.from({ length: size }, (_, i): Bit => inputs[i] ?? "0");
  const rows = Array.from({ length: 2 ** size }, (_, p) => table[p % table.length]!);
  return {
    type: type.replace("*", String(size)),
    parameters: { [parameter]: binary(rows) },
    port_directions: Object.fromEntries([...pins.slice(0, size).map((p) => [p, "input"]), [pin, "output"]]),
    connections: Object.fromEntries([...padded.map((bit, i) => [pins[i]!, [bit]]), [pin, [output]]]),
  };
}

/**
 * A combinational module of LUTs and carry chains: vector ports in, vector ports out, in the order of the ports.
 *
 * @param luts inputs are those of the ports and then what the chains give; outputs those of the ports and then what the
 *   chains take (`cutReadoutNetlist`).
 */
export function mappedModule(
  luts: LutNetlist,
  family: Family,
  inputs: ReadonlyMap<string, number>,
  outputs: ReadonlyMap<string, number>,
  chains: readonly CutChain[] = [],
): YosysModule {
  // Nets 0 and 1 are left to Yosys.
  let next = 2;
  const take = (width: number): Bit[] => Array.from({ length: width }, () => next++);
  const ports = Object.fromEntries(
    [...inputs].map(([name, width]) => [name, { direction: "input", bits: take(width) }] as const),
  );
  const sums = chains.map((chain) => take(chain.outputs));
  const sources = [...Object.values(ports).flatMap(({ bits }) => bits), ...sums.flat()];
  const { cells, outputs: driven, free } = mappedCells(luts, family, { free: next, sources });
  let at = 0;
  const give = (width: number): Bit[] => {
    at += width;
    return driven.slice(at - width, at);
  };
  const out = [...outputs].map(
    ([name, width]) => [name, { direction: "output", bits: give(width) }] as const,
  );
  next = free;
  const carries = chains.flatMap(({ positions }, c) => {
    const [carryIn] = give(1) as [Bit];
    return carryCells(
      { carryIn, added: give(positions), select: give(positions), sums: sums[c]! },
      () => next++,
    );
  });
  const named = Object.fromEntries(carries.map((cell, i) => [`carry${i}`, cell]));
  return { ports: { ...ports, ...Object.fromEntries(out) }, cells: { ...cells, ...named } };
}

/** A module as a Yosys JSON file, its top marked. */
export const yosysJson = (name: string, module: YosysModule): string =>
  JSON.stringify({ modules: { [name]: { attributes: { top: "1" }, netnames: {}, ...module } } });
