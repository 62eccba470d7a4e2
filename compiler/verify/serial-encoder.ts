import { usedInputs } from "../emit/verilog/core.js";
import type { Beats } from "../emit/verilog/interface/beats.js";
import { bitNet } from "../emit/verilog/names.js";
import { appendNetlist } from "../ir/append-netlist.js";
import type { Design } from "../ir/design.js";
import { featureOffsets, hardwareWidth } from "../ir/encoder.js";
import { FALSE, type Literal, not } from "../ir/literal.js";
import type { Netlist } from "../ir/netlist.js";
import { HASHING, NetlistBuilder } from "../ir/netlist-builder.js";
import { elaborate, type PortBit } from "../read/elaborate.js";
import { type Bit, ReadBackFault, type YosysModule } from "../read/yosys-json.js";
import { type CutModule, cutRegisters, namedBits, REGISTERS_IN, REGISTERS_OUT } from "../synth/registers.js";
import { encoderSpecification } from "./encoder-specification.js";
import { checkEquivalent, type EquivalenceOptions } from "./equivalence.js";
import type { RtlPart } from "./rtl.js";
import { describeSweep } from "./sweep/statistics.js";

/**
 * Prove that the serial encoder stores what the encoder computes: the next value of every register, from any state, and
 * all outputs. A restart puts the position on the first beat, a beat moves it on by one, and a bit takes, in the beat of its
 * feature and in no other, the encoder's value of what is in its lane: so that after a restart and all beats the bits are
 * those of the sample.
 *
 * @param module as Yosys read it, with plain flip-flops.
 */
export async function proveSerialEncoder(
  design: Design,
  beats: Beats,
  module: YosysModule,
  options: EquivalenceOptions,
): Promise<RtlPart> {
  const part = "serial encoder";
  try {
    const cut = cutRegisters(module);
    const names = registerNames(module, cut);
    const used = usedInputs(design.core);
    const found = foundNetlist(cut, beats, used);
    const verdict = await checkEquivalent(specification(design, beats, names, used), found, options);
    if (verdict.tag === "proved") {
      const how = `${names.length} registers, ${found.outputs.length} functions; ${describeSweep(verdict.statistics)}`;
      return { part, verdict: "proved", how };
    }
    if (verdict.tag === "unknown") return { part, verdict: "unknown", how: `undecided (${verdict.reason})` };
    const what = names[verdict.output] ?? ["last", ...used.map(bitNet)][verdict.output - names.length];
    return { part, verdict: "refuted", how: `${what} differs` };
  } catch (error) {
    if (error instanceof ReadBackFault) return { part, verdict: "refuted", how: error.message };
    throw error;
  }
}

/** Inputs of both netlists: `beat`, `restart`, the data, the registers. */
const dataAt = 2;
const registersAt = (beats: Beats): number => dataAt + beats.lanes * beats.width;

/** Name of every register, such as `row[3]`; each is on the rising edge of `clk`. */
function registerNames(module: YosysModule, { registers }: CutModule): string[] {
  const names = new Map<Bit, string>();
  for (const [name, bit] of namedBits(module))
    if (/^(row|column|rx\d+)\[\d+\]$/.test(name)) names.set(bit, name);
  const clock = module.ports["clk"]?.bits[0];
  return registers.map(({ type, output, inputs }) => {
    const name = names.get(output);
    if (name === undefined) throw new ReadBackFault("a register that a serial encoder does not have");
    if (type !== "$_DFF_P_" || inputs.find(([pin]) => pin === "C")?.[1] !== clock)
      throw new ReadBackFault(`${name} is no flip-flop on the rising edge of clk`);
    return name;
  });
}

/** What the Verilog does: what each register reads, then `last` and the encoder bits. */
function foundNetlist({ module, registers }: CutModule, beats: Beats, used: readonly number[]): Netlist {
  const bits: PortBit[] = [
    ["beat", 0],
    ["restart", 0],
  ];
  for (let k = 0; k < beats.lanes * beats.width; k++) bits.push(["data", k]);
  registers.forEach((_, r) => {
    bits.push([REGISTERS_OUT, r]);
  });
  let pin = 0;
  const read = registers.map(({ inputs }): PortBit => {
    const at = pin + inputs.findIndex(([name]) => name === "D");
    pin += inputs.length;
    return [REGISTERS_IN, at];
  });
  const outputs: PortBit[] = ["last", ...used.map(bitNet)].map((port) => [port, 0]);
  const inputs = bits.map((bit, input) => ({ bit, input }));
  // The clock is read by flip-flops only, whose pins are checked.
  inputs.push({ bit: ["clk", 0], input: 0 });
  return elaborate(new Map([["encoder", module]]), "encoder", inputs, bits.length, [...read, ...outputs]);
}

/** What it has to do, from the encoder. */
function specification(
  { encoder }: Design,
  beats: Beats,
  names: readonly string[],
  used: readonly number[],
): Netlist {
  const builder = new NetlistBuilder(registersAt(beats) + names.length, HASHING);
  const [beat, restart] = [builder.input(0), builder.input(1)];
  const register = (name: string): Literal => {
    const r = names.indexOf(name);
    if (r < 0) throw new ReadBackFault(`there is no register ${name}`);
    return builder.input(registersAt(beats) + r);
  };
  const row = (k: number): Literal => register(`row[${k}]`);
  // With a single beat the position has one column, which is always there.
  const column = (k: number): Literal => register(`column[${k}]`);
  const { columns, rows, count, lanes, width } = beats;
  const isAt = (n: number): Literal => builder.and(row(Math.floor(n / columns)), column(n % columns));
  const position = (was: Literal, before: Literal, isFirst: boolean): Literal =>
    builder.mux(restart, isFirst ? not(FALSE) : FALSE, builder.mux(beat, before, was));
  const offsets = featureOffsets(encoder);
  const value = (i: number): Literal => {
    const { feature } = encoder.bits[i]!;
    const bound = new Array<Literal>(offsets.at(-1)!).fill(FALSE);
    for (let k = 0; k < hardwareWidth(encoder.features[feature]!.type); k++)
      bound[offsets[feature]! + k] = builder.input(dataAt + width * (feature % lanes) + k);
    return appendNetlist(builder, encoderSpecification(encoder, [i]), bound)[0]!;
  };
  const next = (name: string): Literal => {
    const [, what, number, index] = /^(row|column|rx)(\d*)\[(\d+)\]$/.exec(name)!;
    const k = Number(index);
    if (what === "column") return position(column(k), column((k + columns - 1) % columns), k === 0);
    if (what === "row") {
      const moved = builder.mux(column(columns - 1), k === 0 ? FALSE : row(k - 1), row(k));
      return position(row(k), moved, k === 0);
    }
    const i = Number(number);
    const takes = builder.and(beat, isAt(Math.floor(encoder.bits[i]!.feature / lanes)));
    return builder.mux(takes, value(i), register(name));
  };
  const stored = new Set(names);
  const bits = used.map((i) => (stored.has(`r${bitNet(i)}[0]`) ? register(`r${bitNet(i)}[0]`) : value(i)));
  if (rows * columns < count) throw new ReadBackFault("more beats than positions");
  return builder.finish([...names.map(next), isAt(count - 1), ...bits]);
}
