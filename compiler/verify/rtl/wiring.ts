import { type ModuleNames, voteNet } from "../../emit/verilog/names.js";
import { type Literal, literalOf } from "../../ir/literal.js";
import type { Netlist } from "../../ir/netlist.js";
import { literalReader } from "../../read/literal-reader.js";
import { moduleNamed, REGISTER, ReadBackFault, type YosysModules } from "../../read/yosys-json.js";
import { nodeOfPort } from "./part.js";

/**
 * That the core's module connects the modules that it consists of as the netlist does: every input pin is on the net of
 * the node that it is named after, which is an input of the core or the output of that name of some module, and every
 * vote is its output of the netlist. Inverters are looked through, and registers, which are wires here.
 *
 * @throws {ReadBackFault} for any other connection or cell.
 */
export function checkWiring(modules: YosysModules, core: Netlist, names: ModuleNames): string {
  const module = moduleNamed(modules, names.core);
  const nodes = new Map<string, number>();
  const nodeAt = (type: string, port: string): number => {
    const key = `${type} ${port}`;
    const node = nodes.get(key) ?? nodeOfPort(core, type, port);
    nodes.set(key, node);
    return node;
  };
  const literal = literalReader(modules, names.core, (driver) =>
    literalOf(
      driver.tag === "port"
        ? nodeAt(names.core, driver.port)
        : nodeAt(module.cells[driver.cell]!.type, driver.pin),
    ),
  );
  let instances = 0;
  let pins = 0;
  for (const [cell, { type, connections }] of Object.entries(module.cells)) {
    if (type === "$_NOT_" || type === REGISTER) continue;
    if (!names.isPart(type)) throw new ReadBackFault(`${names.core}.${cell}: a cell of type ${type}`);
    instances++;
    for (const [port, { direction }] of Object.entries(moduleNamed(modules, type).ports)) {
      const bits = connections[port];
      if (bits?.length !== 1)
        throw new ReadBackFault(`${names.core}.${cell}: ${port} is not connected to one net`);
      pins++;
      if (direction === "input" && literal(bits[0]!) !== literalOf(nodeAt(type, port)))
        throw new ReadBackFault(`${names.core}.${cell}: pin ${port} is on another net`);
    }
  }
  core.outputs.forEach((output, v) => {
    const bit = module.ports[voteNet(v)]?.bits[0];
    if (bit === undefined || literal(bit) !== (output as Literal))
      throw new ReadBackFault(`${names.core}: ${voteNet(v)} is not output ${v} of the core`);
  });
  return `${instances} modules, ${pins} connections and ${core.outputs.length} votes are those of the netlist`;
}
