import { voteNet } from "../../emit/verilog/names.js";
import type { Design } from "../../ir/design.js";
import type { Netlist } from "../../ir/netlist.js";
import { elaborate, type PortBit } from "../../read/elaborate.js";
import { moduleNamed, requirePorts, type YosysModules } from "../../read/yosys-json.js";

/** Ports of one bit each. */
export const scalars = (nets: readonly string[]): Map<string, number> => new Map(nets.map((net) => [net, 1]));
/** Nets of the votes. */
export const votesOf = (design: Design): string[] => Array.from(design.core.outputs, (_, v) => voteNet(v));

/** A module as a netlist of its ports in this order. @throws {ReadBackFault} if it has others. */
export function moduleNetlist(
  modules: YosysModules,
  name: string,
  inputs: ReadonlyMap<string, number>,
  outputs: ReadonlyMap<string, number>,
): Netlist {
  requirePorts(moduleNamed(modules, name), name, inputs, outputs);
  const bits = (ports: ReadonlyMap<string, number>): PortBit[] =>
    [...ports].flatMap(([port, width]) =>
      Array.from({ length: width }, (_, index): PortBit => [port, index]),
    );
  const bound = bits(inputs).map((bit, input) => ({ bit, input }));
  return elaborate(modules, name, bound, bound.length, bits(outputs));
}
