import { type Bit, ReadBackFault, type YosysModule } from "../read/yosys-json.js";

/** A flip-flop of Yosys's own: its output net, and what stands on its other pins. */
export interface Register {
  /** Such as `$_DFF_P_`; clock enables and synchronous resets are gates before it. */
  readonly type: string;
  readonly output: number;
  readonly inputs: readonly (readonly [pin: string, bit: Bit])[];
}

/** A flat module with its flip-flops taken out. */
export interface CutModule {
  /** Combinational: one more input port `q` with a bit a register, one more output port `d` with all their pins. */
  readonly module: YosysModule;
  readonly registers: readonly Register[];
}

/** Ports that stand for the registers; no Verilog name has a blank. */
export const REGISTERS_OUT = "q of registers";
export const REGISTERS_IN = "d of registers";

/** Flip-flops as they are left once clock enables and synchronous resets are gates. */
export const FLIP_FLOP = /^\$_(DFF|DFFSR|ALDFF)_/;

/** Take the flip-flops out of a flat module, in order of their output nets. */
export function cutRegisters(module: YosysModule): CutModule {
  const registers: Register[] = [];
  const gates: YosysModule["cells"] = {};
  for (const [name, cell] of Object.entries(module.cells)) {
    if (!FLIP_FLOP.test(cell.type)) {
      gates[name] = cell;
      continue;
    }
    const output = cell.connections["Q"]?.[0];
    if (typeof output !== "number") throw new ReadBackFault(`${name}: a flip-flop that drives nothing`);
    const inputs = Object.entries(cell.connections).filter(([pin]) => pin !== "Q");
    registers.push({ type: cell.type, output, inputs: inputs.map(([pin, bits]) => [pin, bits[0]!]) });
  }
  registers.sort((a, b) => a.output - b.output);
  const ports = {
    ...module.ports,
    [REGISTERS_OUT]: { direction: "input", bits: registers.map(({ output }) => output) },
    [REGISTERS_IN]: {
      direction: "output",
      bits: registers.flatMap(({ inputs }) => inputs.map(([, bit]) => bit)),
    },
  };
  return { module: { ports, cells: gates }, registers };
}

/** Every named bit of a module, as `name[index]`. */
export function namedBits({ netnames, ports }: YosysModule): Map<string, Bit> {
  const named = new Map<string, Bit>();
  for (const [name, { bits }] of [...Object.entries(netnames ?? {}), ...Object.entries(ports)])
    for (const [index, bit] of bits.entries()) named.set(`${name}[${index}]`, bit);
  return named;
}
