import { invariant } from "../../base/errors.js";
import { FALSE, type Literal, not, TRUE } from "../ir/literal.js";
import type { Netlist } from "../ir/netlist.js";
import { HASHING, NetlistBuilder } from "../ir/netlist-builder.js";
import { shannon } from "../map/expand-luts.js";
import {
  type Bit,
  type Driver,
  driversOf,
  LUT,
  moduleNamed,
  REGISTER,
  ReadBackFault,
  SIMPLE_GATES,
  type YosysModule,
  type YosysModules,
} from "./yosys-json.js";

/** A bit of a port, as `name` or `name[index]`. */
export type PortBit = readonly [port: string, index: number];

/**
 * A module, with the instances in it, as a netlist. Registers are wires: `latencyOf` checks how many there are.
 *
 * @param inputs which primary input each input bit is; unnamed inputs of the netlist are not read.
 * @param count number of primary inputs.
 * @param outputs the output bits, in order.
 * @throws {ReadBackFault} for undriven bits, `x`, loops and whatever else is not combinational.
 */
export function elaborate(
  modules: YosysModules,
  name: string,
  inputs: readonly { readonly bit: PortBit; readonly input: number }[],
  count: number,
  outputs: readonly PortBit[],
): Netlist {
  const builder = new NetlistBuilder(count, HASHING);
  const bound = new Map(
    inputs.map(({ bit: [port, index], input }) => [`${port}[${index}]`, builder.input(input)]),
  );
  const scope = new Scope(modules, name, builder, (port, index) => bound.get(`${port}[${index}]`));
  return builder.finish(outputs.map(([port, index]) => scope.output(port, index)));
}

/** One module instance being turned into gates; bits are worked out on demand, without recursion over gates. */
class Scope {
  private readonly module: YosysModule;
  private readonly drivers: Map<number, Driver>;
  private readonly known = new Map<number, Literal>();
  private readonly instances = new Map<string, Scope>();
  private readonly busy = new Set<number>();

  constructor(
    private readonly modules: YosysModules,
    private readonly name: string,
    private readonly builder: NetlistBuilder,
    private readonly inputOf: (port: string, index: number) => Literal | undefined,
  ) {
    this.module = moduleNamed(modules, name);
    this.drivers = driversOf(modules, name);
  }

  output(port: string, index: number): Literal {
    const bit = this.module.ports[port]?.bits[index];
    if (bit === undefined)
      throw new ReadBackFault(`${this.name}: expected an output ${port}[${index}] but found none`);
    return this.literalOf(bit);
  }

  private constant(bit: string): Literal {
    if (bit === "0") return FALSE;
    if (bit === "1") return TRUE;
    throw new ReadBackFault(`${this.name}: a bit has the value ${bit}`);
  }

  private literalOf(bit: Bit): Literal {
    if (typeof bit === "string") return this.constant(bit);
    const stack = [bit];
    while (stack.length > 0) {
      const net = stack.at(-1)!;
      if (this.known.has(net)) stack.pop();
      else this.visit(net, stack);
    }
    return this.known.get(bit)!;
  }

  /** Work out one net, or put the nets that it needs on the stack first. */
  private visit(net: number, stack: number[]): void {
    const driver = this.drivers.get(net);
    if (driver === undefined) throw new ReadBackFault(`${this.name}: net ${net} has no driver`);
    if (driver.tag === "port") {
      const literal = this.inputOf(driver.port, driver.index);
      if (literal === undefined)
        throw new ReadBackFault(
          `${this.name}: input ${driver.port}[${driver.index}] is read but not expected`,
        );
      this.known.set(net, literal);
      return;
    }
    const cell = this.module.cells[driver.cell]!;
    const register = cell.type === REGISTER;
    if (!SIMPLE_GATES.has(cell.type) && cell.type !== LUT && !register) {
      this.known.set(net, this.instance(driver.cell).output(driver.pin, driver.index));
      return;
    }
    const needed = Object.entries(cell.connections)
      .filter(([pin]) => (register ? pin === "D" : pin !== "Y"))
      .flatMap(([, bits]) => bits)
      .filter((bit): bit is number => typeof bit === "number" && !this.known.has(bit));
    if (needed.length === 0) {
      this.busy.delete(net);
      this.known.set(net, this.gate(cell));
      return;
    }
    if (this.busy.has(net)) throw new ReadBackFault(`${this.name}: net ${net} depends on itself`);
    this.busy.add(net);
    stack.push(...needed);
  }

  private instance(cell: string): Scope {
    const found = this.instances.get(cell);
    if (found !== undefined) return found;
    const { type, connections } = this.module.cells[cell]!;
    const open = new Set<string>();
    const scope = new Scope(this.modules, type, this.builder, (port, index) => {
      const bit = connections[port]?.[index];
      if (bit === undefined)
        throw new ReadBackFault(`${this.name}.${cell}: input ${port}[${index}] is not connected`);
      const key = `${port}[${index}]`;
      if (open.has(key)) throw new ReadBackFault(`${this.name}.${cell}: input ${key} depends on itself`);
      open.add(key);
      const literal = this.literalOf(bit);
      open.delete(key);
      return literal;
    });
    this.instances.set(cell, scope);
    return scope;
  }

  /** The function of a LUT, its inputs from the low bit of `A` up. */
  private lut({ parameters, connections }: YosysModule["cells"][string]): Literal {
    const bits = connections["A"] ?? [];
    const table = String(parameters?.["LUT"] ?? "");
    if (table.length !== 2 ** bits.length || !/^[01]+$/.test(table))
      throw new ReadBackFault(`${this.name}: a LUT of ${bits.length} inputs has the truth table "${table}"`);
    const variables = bits.map((bit) =>
      typeof bit === "string" ? this.constant(bit) : this.known.get(bit)!,
    );
    return shannon(this.builder, Array.from(table, Number).reverse(), variables);
  }

  private gate(cell: YosysModule["cells"][string]): Literal {
    const { type, connections } = cell;
    if (type === LUT) return this.lut(cell);
    const pin = (name: string): Literal => {
      const bits = connections[name];
      invariant(bits?.length === 1, `${type} without a single-bit pin ${name}`);
      const bit = bits[0]!;
      return typeof bit === "string" ? this.constant(bit) : this.known.get(bit)!;
    };
    const b = this.builder;
    switch (type) {
      case REGISTER:
        return pin("D");
      case "$_BUF_":
        return pin("A");
      case "$_NOT_":
        return not(pin("A"));
      case "$_AND_":
        return b.and(pin("A"), pin("B"));
      case "$_NAND_":
        return not(b.and(pin("A"), pin("B")));
      case "$_OR_":
        return b.or(pin("A"), pin("B"));
      case "$_NOR_":
        return not(b.or(pin("A"), pin("B")));
      case "$_XOR_":
        return b.xor(pin("A"), pin("B"));
      case "$_XNOR_":
        return not(b.xor(pin("A"), pin("B")));
      case "$_ANDNOT_":
        return b.and(pin("A"), not(pin("B")));
      case "$_ORNOT_":
        return b.or(pin("A"), not(pin("B")));
      case "$_MUX_":
        return b.mux(pin("S"), pin("B"), pin("A"));
      case "$_NMUX_":
        return not(b.mux(pin("S"), pin("B"), pin("A")));
      default:
        throw new ReadBackFault(`${this.name}: a cell of type ${type}`);
    }
  }
}
