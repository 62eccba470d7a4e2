import { type Bit, parseYosysJson, ReadBackFault, type YosysModule } from "../read/yosys-json.js";

/**
 * The circuit that a bitstream holds, its registers under the names that they have in the netlist it was made from.
 *
 * A bitstream has no names, but places: nextpnr's netlist says where each flip-flop was placed, icebox_vlog's Verilog from which place each
 * register was read. A wrong name can only make a proof fail: what the registers do comes from the bitstream alone.
 *
 * @param circuit that Verilog, flat, with plain flip-flops.
 * @param verilog its text.
 * @param placed nextpnr's netlist.
 * @throws {ReadBackFault} if it is no such netlist.
 */
export function withPlacedNames(circuit: YosysModule, verilog: string, placed: string): YosysModule {
  const nets = circuit.netnames ?? {};
  const names: Record<string, { bits: Bit[] }> = {};
  const read = registersAt(verilog);
  for (const [place, name] of placedRegisters(placed)) {
    const [, base = name, index = "0"] = /^(.*)\[(\d+)\]$/.exec(name) ?? [];
    const bit = nets[read.get(place) ?? ""]?.bits[0];
    if (bit === undefined) continue;
    // Names of the other bits stay open.
    names[base] ??= { bits: [] };
    names[base].bits[Number(index)] = bit;
  }
  return { ...circuit, netnames: names };
}

/** Place ("x y z") to the net of the flip-flop there. */
function registersAt(verilog: string): Map<string, string> {
  const places = /^\/\* FF +(\d+) +(\d+) +(\d+) \*\/ always .*?(\\\S+|\w+) +<=/gm;
  return new Map(
    [...verilog.matchAll(places)].map(([, x, y, z, net]) => [`${x} ${y} ${z}`, net!.replace("\\", "")]),
  );
}

/** The same of nextpnr's netlist: logic cells whose flip-flop is in use, by what they drive. */
function placedRegisters(json: string): Map<string, string> {
  const [module] = parseYosysJson(json).values();
  if (module === undefined) throw new ReadBackFault("nextpnr wrote a netlist without a module");
  const { cells, netnames } = module;
  const names = new Map(Object.entries(netnames ?? {}).map(([net, { bits }]) => [bits[0], net]));
  const found = new Map<string, string>();
  for (const { type, parameters, attributes, connections } of Object.values(cells)) {
    if (type !== "ICESTORM_LC" || !String(parameters?.["DFF_ENABLE"]).endsWith("1")) continue;
    const place = /^X(\d+)\/Y(\d+)\/lc(\d+)$/.exec(String(attributes?.["NEXTPNR_BEL"]));
    const net = names.get(connections["O"]?.[0]);
    if (place === null || net === undefined) throw new ReadBackFault("a flip-flop without a place or a net");
    found.set(place.slice(1).join(" "), net);
  }
  return found;
}
