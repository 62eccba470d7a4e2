import { z } from "zod";

/**
 * Yosys's JSON netlist (`write_json`): a bit is the number of a net or a constant "0", "1", "x", "z".
 */
export type Bit = number | string;

const Bits = z.array(z.union([z.number(), z.string()]));
const ModuleSchema = z.object({
  ports: z.record(z.string(), z.object({ direction: z.string(), bits: Bits })),
  cells: z.record(
    z.string(),
    z.object({
      type: z.string(),
      parameters: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
      attributes: z.record(z.string(), z.unknown()).optional(),
      port_directions: z.record(z.string(), z.string()).optional(),
      connections: z.record(z.string(), Bits),
    }),
  ),
  netnames: z
    .record(z.string(), z.object({ bits: Bits, attributes: z.record(z.string(), z.unknown()).optional() }))
    .optional(),
});
const FileSchema = z.object({ modules: z.record(z.string(), ModuleSchema) });

export type YosysModule = z.infer<typeof ModuleSchema>;
export type YosysModules = ReadonlyMap<string, YosysModule>;

/** Why what was read back cannot be our design: a finding of the proof, caught where the part is judged. */
export class ReadBackFault extends Error {
  override readonly name = "ReadBackFault";
}

/** @throws {ReadBackFault} if it is not such a netlist. */
export function parseYosysJson(text: string): YosysModules {
  try {
    return new Map(Object.entries(FileSchema.parse(JSON.parse(text)).modules));
  } catch {
    throw new ReadBackFault("Yosys wrote no netlist that can be read");
  }
}

/** A netlist with some of its modules replaced by those of another. */
export const withModules = (json: string, changed: string): string =>
  JSON.stringify({
    modules: Object.fromEntries([...parseYosysJson(json), ...parseYosysJson(changed)]),
  });

/** @throws {ReadBackFault} if there is none. */
export function moduleNamed(modules: YosysModules, name: string): YosysModule {
  const found = modules.get(name);
  if (found === undefined) throw new ReadBackFault(`there is no module ${name}`);
  return found;
}

/** Simple gates of Yosys (`simcells.v`): output pin Y, inputs A, B, C, S. */
export const SIMPLE_GATES: ReadonlySet<string> = new Set(
  "BUF NOT AND NAND OR NOR XOR XNOR ANDNOT ORNOT MUX NMUX".split(" ").map((name) => `$_${name}_`),
);

/** Yosys's look-up table: pins A (several bits) and Y, parameter LUT in binary, the pattern of all ones first. */
export const LUT = "$lut";

/** A register of one bit that loads D at a rising edge of C where E is 1, and shows it at Q. */
export const REGISTER = "$_DFFE_PP_";

/** What drives a net. */
export type Driver =
  | { readonly tag: "port"; readonly port: string; readonly index: number }
  | { readonly tag: "cell"; readonly cell: string; readonly pin: string; readonly index: number };

/** Directions of an instance's pins, those of its module's ports. */
function pinDirection(modules: YosysModules, type: string, pin: string, where: string): string {
  if (SIMPLE_GATES.has(type) || type === LUT) return pin === "Y" ? "output" : "input";
  if (type === REGISTER) return pin === "Q" ? "output" : "input";
  const port = modules.get(type)?.ports[pin];
  if (port === undefined)
    throw new ReadBackFault(`${where}: a cell of type ${type}, which is no combinational gate`);
  return port.direction;
}

/**
 * Every net of a module with its one driver.
 *
 * @throws {ReadBackFault} for a net with two drivers, an output tied to a constant, latches, flip-flops that are no `REGISTER`, and the like.
 */
export function driversOf(modules: YosysModules, name: string): Map<number, Driver> {
  const module = moduleNamed(modules, name);
  const drivers = new Map<number, Driver>();
  const drive = (bit: Bit, driver: Driver, what: string): void => {
    if (typeof bit !== "number") throw new ReadBackFault(`${name}: ${what} is tied to the constant ${bit}`);
    if (drivers.has(bit)) throw new ReadBackFault(`${name}: ${what} shares its net with another driver`);
    drivers.set(bit, driver);
  };
  for (const [port, { direction, bits }] of Object.entries(module.ports)) {
    if (direction === "inout") throw new ReadBackFault(`${name}: port ${port} is an inout`);
    if (direction === "input")
      for (const [index, bit] of bits.entries())
        drive(bit, { tag: "port", port, index }, `input ${port}[${index}]`);
  }
  for (const [cell, { type, connections }] of Object.entries(module.cells)) {
    for (const [pin, bits] of Object.entries(connections)) {
      if (pinDirection(modules, type, pin, `${name}.${cell}`) !== "output") continue;
      for (const [index, bit] of bits.entries())
        drive(bit, { tag: "cell", cell, pin, index }, `output ${pin}[${index}] of ${cell}`);
    }
  }
  return drivers;
}

/** @throws {ReadBackFault} unless the ports are exactly these. */
export function requirePorts(
  module: YosysModule,
  name: string,
  inputs: ReadonlyMap<string, number>,
  outputs: ReadonlyMap<string, number>,
): void {
  const check = (direction: string, wanted: ReadonlyMap<string, number>): void => {
    for (const [port, width] of wanted) {
      const found = module.ports[port];
      if (found?.direction !== direction || found.bits.length !== width) {
        const what = found === undefined ? "none" : `${found.direction} of ${found.bits.length} bits`;
        throw new ReadBackFault(`${name}: expected ${direction} ${port} of ${width} bits but found ${what}`);
      }
    }
  };
  check("input", inputs);
  check("output", outputs);
  const known = (port: string): boolean => inputs.has(port) || outputs.has(port);
  const extra = Object.keys(module.ports).find((port) => !known(port));
  if (extra !== undefined) throw new ReadBackFault(`${name}: expected no port ${extra} but found one`);
}
