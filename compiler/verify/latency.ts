import {
  driversOf,
  moduleNamed,
  REGISTER,
  ReadBackFault,
  type YosysModule,
  type YosysModules,
} from "../read/yosys-json.js";

/**
 * How many registers every path through a module crosses, from any input to any output; constants have no path.
 *
 * All registers must have the module's ports `clk` and `enable`, and no cell may read nets of different latencies. Then
 * the module computes what it computes with its registers as wires, that many enabled clock edges later.
 *
 * @throws {ReadBackFault} if paths differ, or for any other clock or enable.
 */
export function latencyOf(modules: YosysModules, name: string, known = new Map<string, number>()): number {
  const found = known.get(name);
  if (found !== undefined) return found;
  const module = moduleNamed(modules, name);
  const latency =
    module.ports["clk"] === undefined
      ? combinational(modules, module, name, known)
      : new Stages(modules, module, name, known).latency();
  known.set(name, latency);
  return latency;
}

/** Without a clock nothing in a module may have registers. */
function combinational(
  modules: YosysModules,
  module: YosysModule,
  name: string,
  known: Map<string, number>,
): number {
  for (const [cell, { type }] of Object.entries(module.cells)) {
    const registers = type === REGISTER || (modules.has(type) && latencyOf(modules, type, known) > 0);
    if (registers) throw new ReadBackFault(`${name}.${cell}: a register in a module without clock`);
  }
  return 0;
}

/** A clocked module: how many registers are behind each of its nets. */
class Stages {
  private readonly drivers: ReturnType<typeof driversOf>;
  /** By net; null where only constants are behind it. */
  private readonly stages = new Map<number, number | null>();

  constructor(
    private readonly modules: YosysModules,
    private readonly module: YosysModule,
    private readonly name: string,
    private readonly known: Map<string, number>,
  ) {
    this.drivers = driversOf(modules, name);
  }

  latency(): number {
    const outputs = Object.values(this.module.ports).filter(({ direction }) => direction === "output");
    const stage = this.common(
      outputs.flatMap(({ bits }) => bits),
      "its outputs",
    );
    return stage ?? 0;
  }

  /** The one stage of all these nets. */
  private common(bits: readonly (number | string)[], what: string): number | null {
    let common: number | null = null;
    for (const bit of bits) {
      const stage = typeof bit === "number" ? this.stageOf(bit) : null;
      if (stage === null) continue;
      common ??= stage;
      if (stage !== common)
        throw new ReadBackFault(
          `${this.name}: ${what} read nets behind ${common} and behind ${stage} registers`,
        );
    }
    return common;
  }

  /** Works out what is behind a net first, without recursion over nets. */
  private stageOf(net: number): number | null {
    const stack = [net];
    const busy = new Set<number>();
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      if (this.stages.has(top)) {
        stack.pop();
        continue;
      }
      const inputs = this.inputsOf(top);
      const needed = inputs.filter((bit): bit is number => typeof bit === "number" && !this.stages.has(bit));
      if (needed.length === 0) this.stages.set(top, this.after(top, inputs));
      else if (busy.has(top)) throw new ReadBackFault(`${this.name}: net ${top} depends on itself`);
      else {
        busy.add(top);
        stack.push(...needed);
      }
    }
    return this.stages.get(net)!;
  }

  /** The data that the driver of a net reads. */
  private inputsOf(net: number): readonly (number | string)[] {
    const driver = this.drivers.get(net);
    if (driver === undefined) throw new ReadBackFault(`${this.name}: net ${net} has no driver`);
    if (driver.tag === "port") return [];
    const { type, connections } = this.module.cells[driver.cell]!;
    const clocked = type === REGISTER || this.modules.get(type)?.ports["clk"] !== undefined;
    const [clock, enable] = type === REGISTER ? ["C", "E"] : ["clk", "enable"];
    if (clocked) {
      for (const [pin, port] of [
        [clock, "clk"],
        [enable, "enable"],
      ] as const)
        if (connections[pin]?.join() !== this.module.ports[port]?.bits.join())
          throw new ReadBackFault(`${this.name}.${driver.cell}: ${pin} is not on ${port}`);
    }
    return Object.entries(connections).flatMap(([pin, bits]) =>
      this.isOutput(type, pin) || (clocked && (pin === clock || pin === enable)) ? [] : bits,
    );
  }

  private isOutput(type: string, pin: string): boolean {
    const port = this.modules.get(type)?.ports[pin];
    return port === undefined ? pin === "Y" || pin === "Q" : port.direction === "output";
  }

  private after(net: number, inputs: readonly (number | string)[]): number | null {
    const driver = this.drivers.get(net)!;
    if (driver.tag === "port") {
      if (driver.port === "clk" || driver.port === "enable")
        throw new ReadBackFault(`${this.name}: ${driver.port} is read as data`);
      return 0;
    }
    const { type } = this.module.cells[driver.cell]!;
    const stage = this.common(inputs, `${driver.cell}'s inputs`);
    if (stage === null) return null;
    if (type === REGISTER) return stage + 1;
    return stage + (this.modules.has(type) ? latencyOf(this.modules, type, this.known) : 0);
  }
}
