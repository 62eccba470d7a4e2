import { usedInputs } from "../../emit/verilog/core.js";
import { bitNet, type ModuleNames } from "../../emit/verilog/names.js";
import { CLOCKED } from "../../emit/verilog/registers.js";
import type { Design } from "../../ir/design.js";
import { featureOffsets } from "../../ir/encoder.js";
import { indexWidth } from "../../ir/readout.js";
import {
  driversOf,
  moduleNamed,
  ReadBackFault,
  requirePorts,
  type YosysModules,
} from "../../read/yosys-json.js";
import { latencyOf } from "../latency.js";
import { scalars, votesOf } from "./module-netlist.js";

/** The top holds three instances and nothing else, each pin on the net of its name. */
export function checkTop(modules: YosysModules, design: Design, names: ModuleNames, latency: number): string {
  const top = moduleNamed(modules, names.top);
  const features = new Map([["features", featureOffsets(design.encoder).at(-1)!]]);
  const index = new Map([["class_index", indexWidth(design.readout.classNames.length)]]);
  const bits = scalars(usedInputs(design.core).map(bitNet));
  const votes = scalars(votesOf(design));
  const clocked = (module: string): Map<string, number> =>
    moduleNamed(modules, module).ports["clk"] === undefined ? new Map() : scalars(CLOCKED);
  requirePorts(top, names.top, new Map([...clocked(names.top), ...features]), index);
  requirePorts(moduleNamed(modules, names.encoder), names.encoder, features, bits);
  requirePorts(
    moduleNamed(modules, names.core),
    names.core,
    new Map([...clocked(names.core), ...bits]),
    votes,
  );
  requirePorts(
    moduleNamed(modules, names.readout),
    names.readout,
    new Map([...clocked(names.readout), ...votes]),
    index,
  );
  driversOf(modules, names.top);
  const nets = new Map(Object.keys(top.ports).map((port) => [port, top.ports[port]!.bits.join()]));
  const cells = Object.values(top.cells);
  const types = cells.map(({ type }) => type).sort();
  if (types.join() !== [names.encoder, names.core, names.readout].sort().join()) {
    throw new ReadBackFault(
      `${names.top}: expected one encoder, core and readout but found ${types.join(", ") || "nothing"}`,
    );
  }
  for (const { type, connections } of cells) {
    for (const port of Object.keys(moduleNamed(modules, type).ports)) {
      const found = connections[port]?.join();
      const wanted = nets.get(port) ?? found;
      if (found === undefined || found !== wanted)
        throw new ReadBackFault(`${names.top}: pin ${port} of ${type} is on another net`);
      nets.set(port, found);
    }
  }
  const found = latencyOf(modules, names.top);
  if (found !== latency)
    throw new ReadBackFault(`${names.top}: expected ${latency} registers on every path but found ${found}`);
  const registers = latency === 0 ? "no register in it" : `every path crosses exactly ${latency} registers`;
  return `ports and ${nets.size} connections are exactly those of the design; ${registers}`;
}
