import type { Family } from "../ir/target.js";
import { mapLuts } from "../map/map-luts.js";
import { type Bit, SIMPLE_GATES, type YosysModule } from "../read/yosys-json.js";
import { mappedCells } from "./mapped-module.js";
import { wholeNetlist } from "./prove-synthesised.js";

/**
 * A flat module with its gates mapped to LUTs. Every cell that is no simple gate (flip-flops and whatever else a family
 * has) stays: its outputs are inputs of what is mapped, its inputs are outputs.
 */
export function mapModule(module: YosysModule, family: Family, k: number): YosysModule {
  const isGate = (type: string): boolean => SIMPLE_GATES.has(type);
  const boxes = Object.entries(module.cells).filter(([, { type }]) => !isGate(type));
  const gates = Object.entries(module.cells).filter(([, { type }]) => isGate(type));
  const pins = (way: "input" | "output"): { at: Bit[]; index: number; bit: Bit }[] =>
    boxes.flatMap(([, { connections, port_directions }]) =>
      Object.entries(connections).flatMap(([pin, bits]) =>
        port_directions?.[pin] === way ? bits.map((bit, index) => ({ at: bits, index, bit })) : [],
      ),
    );
  const portBits = (way: string): Bit[] =>
    Object.values(module.ports).flatMap(({ direction, bits }) => (direction === way ? bits : []));
  const sources = [...portBits("input"), ...pins("output").map(({ bit }) => bit)];
  const sinks = [...portBits("output"), ...pins("input").map(({ bit }) => bit)];
  const between = wholeNetlist({
    ports: { i: { direction: "input", bits: sources }, o: { direction: "output", bits: sinks } },
    cells: Object.fromEntries(gates),
  });
  const nets = [
    ...sources,
    ...sinks,
    ...gates.flatMap(([, { connections }]) => Object.values(connections).flat()),
  ];
  const free = 1 + nets.reduce<number>((top, bit) => (typeof bit === "number" ? Math.max(top, bit) : top), 1);
  const { cells, outputs } = mappedCells(mapLuts(between, { k }), family, { free, sources });
  let next = 0;
  const ports = Object.entries(module.ports).map(([name, port]) => {
    const bits = port.direction === "output" ? port.bits.map(() => outputs[next++]!) : port.bits;
    return [name, { ...port, bits }] as const;
  });
  const moved = boxes.map(([name, cell]) => {
    const connections = Object.entries(cell.connections).map(([pin, bits]) => {
      const driven = cell.port_directions?.[pin] === "input" ? bits.map(() => outputs[next++]!) : bits;
      return [pin, driven] as const;
    });
    return [name, { ...cell, connections: Object.fromEntries(connections) }] as const;
  });
  return {
    ports: Object.fromEntries(ports),
    cells: { ...Object.fromEntries(moved), ...cells },
    netnames: registerNames(module, new Set(sources)),
  };
}

/** Names of the nets that stay: constants, ports and what the other cells drive. */
function registerNames(
  { netnames }: YosysModule,
  stays: ReadonlySet<Bit>,
): NonNullable<YosysModule["netnames"]> {
  return Object.fromEntries(
    Object.entries(netnames ?? {}).filter(([, { bits }]) =>
      bits.every((bit) => stays.has(bit) || typeof bit === "string"),
    ),
  );
}
