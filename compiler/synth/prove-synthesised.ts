import { appendNetlist } from "../ir/append-netlist.js";
import { FALSE, type Literal, TRUE } from "../ir/literal.js";
import type { Netlist } from "../ir/netlist.js";
import { HASHING, NetlistBuilder } from "../ir/netlist-builder.js";
import { elaborate, type PortBit } from "../read/elaborate.js";
import { type Bit, LUT, ReadBackFault, SIMPLE_GATES, type YosysModule } from "../read/yosys-json.js";
import { checkEquivalent, type EquivalenceOptions } from "../verify/equivalence.js";
import { describeSweep } from "../verify/sweep/statistics.js";
import {
  type CutModule,
  cutRegisters,
  FLIP_FLOP,
  namedBits,
  REGISTERS_IN,
  REGISTERS_OUT,
} from "./registers.js";

/** What is known of a synthesised netlist. */
export interface SynthesisVerdict {
  readonly verdict: "proved" | "refuted" | "unknown";
  readonly how: string;
}

type PortList = readonly (readonly [name: string, width: number])[];

/** Ports of one direction with their widths, in order of name. */
export function portsOf({ ports }: YosysModule, direction: "input" | "output"): PortList {
  return Object.entries(ports)
    .filter(([, port]) => port.direction === direction)
    .map(([name, { bits }]) => [name, bits.length] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

export const bitsOf = (ports: PortList): PortBit[] =>
  ports.flatMap(([name, width]) => Array.from({ length: width }, (_, index): PortBit => [name, index]));

/** A combinational module as a netlist of all its ports, each side in order of name. */
export function wholeNetlist(module: YosysModule): Netlist {
  const inputs = bitsOf(portsOf(module, "input")).map((bit, input) => ({ bit, input }));
  const outputs = bitsOf(portsOf(module, "output"));
  return elaborate(new Map([["top", module]]), "top", inputs, inputs.length, outputs);
}

/** Prove that a combinational netlist is what the synthesised one computes. */
export async function proveCombinational(
  expected: Netlist,
  synthesised: YosysModule,
  options: EquivalenceOptions,
): Promise<SynthesisVerdict> {
  return judged(synthesised, async () => {
    const found = wholeNetlist(synthesised);
    if (found.inputs !== expected.inputs || found.outputs.length !== expected.outputs.length)
      throw new ReadBackFault("the ports of the synthesised netlist are not those of the design");
    return decide(expected, found, "refuted", options);
  });
}

/**
 * Prove a synthesised module equal to the Verilog that it was made from, register by register: registers that have a
 * name in common are taken to hold the same value, and then all outputs and all that those registers read are proved
 * equal. What holds now then holds in the next cycle. A register that became constant is taken for that constant, and
 * proved to read it.
 *
 * A difference may be one that no reachable state shows, so that it is `unknown` rather than refuted.
 */
export async function proveSequential(
  verilog: YosysModule,
  synthesised: YosysModule,
  options: EquivalenceOptions,
): Promise<SynthesisVerdict> {
  return judged(synthesised, async () => {
    const [left, right] = [cutRegisters(verilog), cutRegisters(synthesised)];
    const same = counterparts(verilog, left, synthesised, right);
    const unmatched = right.registers.length - new Set(same.filter((s) => typeof s === "number")).size;
    if (unmatched > 0)
      return {
        verdict: "unknown",
        how: `${unmatched} of ${right.registers.length} registers have no counterpart of their name`,
      };
    const [a, b] = alignedNetlists(left, right, same);
    const { verdict, how } = await decide(a, b, "unknown", options);
    return { verdict, how: `${right.registers.length} registers matched by name; ${how}` };
  });
}

/** @param module what `work` reads: unknown when it has cells that there is no model of. */
async function judged(module: YosysModule, work: () => Promise<SynthesisVerdict>): Promise<SynthesisVerdict> {
  const strange = Object.values(module.cells).find(
    ({ type }) => !SIMPLE_GATES.has(type) && type !== LUT && !FLIP_FLOP.test(type),
  );
  if (strange !== undefined)
    return { verdict: "unknown", how: `there is no model of the cell ${strange.type}` };
  try {
    return await work();
  } catch (error) {
    if (error instanceof ReadBackFault) return { verdict: "refuted", how: error.message };
    throw error;
  }
}

async function decide(
  expected: Netlist,
  found: Netlist,
  onDifference: "refuted" | "unknown",
  options: EquivalenceOptions,
): Promise<SynthesisVerdict> {
  const verdict = await checkEquivalent(expected, found, options);
  if (verdict.tag === "refuted") return { verdict: onDifference, how: `output ${verdict.output} differs` };
  if (verdict.tag === "unknown")
    return { verdict: "unknown", how: `${verdict.outputs.length} outputs undecided (${verdict.reason})` };
  return { verdict: "proved", how: `${found.outputs.length} outputs; ${describeSweep(verdict.statistics)}` };
}

/** One without an asynchronous reset, which a constant would have to agree with too. */
const PLAIN_FLIP_FLOP = /^\$_DFF_[PN]_$/;

/** For each register of the Verilog: the number of the synthesised one, the constant that it became, or null. */
function counterparts(
  verilog: YosysModule,
  left: CutModule,
  synthesised: YosysModule,
  right: CutModule,
): (number | "0" | "1" | null)[] {
  const names = new Map<Bit, string[]>();
  for (const [name, bit] of namedBits(verilog)) names.set(bit, [...(names.get(bit) ?? []), name]);
  const found = namedBits(synthesised);
  const numbers = new Map(right.registers.map(({ output }, r) => [output as Bit, r]));
  return left.registers.map(({ output, type }) => {
    for (const name of names.get(output) ?? []) {
      const bit = found.get(name);
      if ((bit === "0" || bit === "1") && PLAIN_FLIP_FLOP.test(type)) return bit;
      const number = bit === undefined ? undefined : numbers.get(bit);
      if (number !== undefined && right.registers[number]!.type === type) return number;
    }
    return null;
  });
}

/** Both sides as netlists of the same inputs (ports, then registers of the Verilog) and the same outputs. */
function alignedNetlists(
  left: CutModule,
  right: CutModule,
  same: readonly (number | "0" | "1" | null)[],
): readonly [Netlist, Netlist] {
  const inputs = bitsOf(portsOf(left.module, "input").filter(([name]) => name !== REGISTERS_OUT));
  const count = inputs.length + left.registers.length;
  // The first register of the Verilog for each synthesised one stands for all that became it.
  const first = new Map<number, number>();
  same.forEach((s, r) => {
    if (typeof s === "number" && !first.has(s)) first.set(s, r);
  });
  const kept = same.flatMap((s, r) => (s === null ? [] : [r]));
  const side = (
    { module, registers }: CutModule,
    registerInput: (r: number, builder: NetlistBuilder) => Literal,
    pins: (read: (r: number) => readonly Literal[]) => readonly Literal[],
  ): Netlist => {
    const whole = wholeNetlist(module);
    const builder = new NetlistBuilder(count, HASHING);
    const names = new Map(inputs.map(([name, index], i) => [`${name}[${index}]`, builder.input(i)]));
    const bound = bitsOf(portsOf(module, "input")).map(([name, index]) =>
      name === REGISTERS_OUT ? registerInput(index, builder) : (names.get(`${name}[${index}]`) ?? FALSE),
    );
    const outputs = appendNetlist(builder, whole, bound);
    const ports = bitsOf(portsOf(module, "output"));
    const own = outputs.filter((_, o) => ports[o]![0] !== REGISTERS_IN);
    const read = outputs.filter((_, o) => ports[o]![0] === REGISTERS_IN);
    const starts = [0];
    for (const register of registers) starts.push(starts.at(-1)! + register.inputs.length);
    const byPin = (r: number): readonly Literal[] => {
      const order = registers[r]!.inputs.map(([pin], i) => [pin, read[starts[r]! + i]!] as const);
      return order.sort(([x], [y]) => (x < y ? -1 : 1)).map(([, literal]) => literal);
    };
    return builder.finish([...own, ...pins(byPin)]);
  };
  const constant = (s: "0" | "1"): Literal => (s === "1" ? TRUE : FALSE);
  const a = side(
    left,
    (r, builder) => {
      const s = same[r]!;
      if (s === "0" || s === "1") return constant(s);
      return builder.input(inputs.length + (typeof s === "number" ? first.get(s)! : r));
    },
    (read) => kept.flatMap((r) => (typeof same[r] === "number" ? read(r) : read(r).slice(1, 2))),
  );
  const b = side(
    right,
    (r, builder) => builder.input(inputs.length + first.get(r)!),
    (read) =>
      kept.flatMap((r) => {
        const s = same[r]!;
        return typeof s === "number" ? read(s) : [constant(s as "0" | "1")];
      }),
  );
  return [a, b];
}
