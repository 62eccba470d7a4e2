import { nodeOfNet } from "../../emit/verilog/names.js";
import { firstGate, type Netlist, nodeCount } from "../../ir/netlist.js";
import { moduleNamed, ReadBackFault, type YosysModules } from "../../read/yosys-json.js";
import { latencyOf } from "../latency.js";
import { cutNetlist } from "./cut-netlist.js";
import { moduleNetlist, scalars } from "./module-netlist.js";
import { compare, judge, type RtlOptions, type RtlPart } from "./verdict.js";

/**
 * Prove a module of the core alone: each output computes, whatever its inputs are, what the design's core computes of the
 * nodes that they are named after. With the wiring of such modules (`checkWiring`) that is the whole core: by
 * induction over nodes, which are in topological order, every net has the value of its node.
 *
 * Equal only on inputs that the rest of the core can give is not enough.
 */
export async function provePart(
  modules: YosysModules,
  name: string,
  core: Netlist,
  options: RtlOptions,
): Promise<RtlPart> {
  const proof = await judge(() => prove(modules, name, core, options));
  return { part: name, ...proof };
}

async function prove(
  modules: YosysModules,
  name: string,
  core: Netlist,
  options: RtlOptions,
): Promise<string> {
  const ports = Object.entries(moduleNamed(modules, name).ports);
  const [inputs, outputs] = ["input", "output"].map((way) =>
    ports.flatMap(([port, { direction }]) => (direction === way ? [port] : [])),
  ) as [string[], string[]];
  latencyOf(modules, name); // Refutes registers: the module has no clock.
  const found = moduleNetlist(modules, name, scalars(inputs), scalars(outputs));
  const [from, to] = [inputs, outputs].map((nets) => nets.map((net) => nodeOfPort(core, name, net)));
  const expected = cutNetlist(core, from!, to!);
  if (typeof expected === "number")
    throw new ReadBackFault(
      `${name}: its outputs depend on input ${expected} of the core, which it does not read`,
    );
  return compare("modules of the core", name, expected, found, (o) => `${name}: ${outputs[o]}`, options);
}

/** The node that a port is named after. @throws {ReadBackFault} if there is none. */
export function nodeOfPort(core: Netlist, module: string, port: string): number {
  const node = nodeOfNet(port, firstGate(core), nodeCount(core));
  if (node === null) throw new ReadBackFault(`${module}: port ${port} is named after no node of the core`);
  return node;
}
