import { literalOf } from "../ir/literal.js";
import type { Netlist } from "../ir/netlist.js";
import type { PortBit } from "../read/elaborate.js";
import { ReadBackFault, type YosysModule } from "../read/yosys-json.js";
import { bitsOf, portsOf, wholeNetlist } from "../synth/prove-synthesised.js";
import { cutRegisters, REGISTERS_IN, REGISTERS_OUT, type Register } from "../synth/registers.js";
import { MemoryPlan, SLOT } from "./kernels.js";
import { Machine, placeNetlist } from "./machine.js";
import { TRUE_SLOT } from "./program.js";

/** Words of 32 samples in which a net's values are held. */
export const LANE_WORDS = SLOT / 4;

/**
 * A flat module of gates, LUTs and plain flip-flops on one clock, 512 samples at a time: every sample has a circuit of its
 * own, and all of them are stepped together, clock cycle by clock cycle. Flip-flops begin at 0.
 */
export class ClockedCircuit {
  private readonly machine: Machine;
  private readonly words: Uint32Array;
  /** By `port[index]`: first word of what the next cycle reads, -1 where nothing does; first word of what the last one showed. */
  private readonly inputs = new Map<string, number>();
  private readonly outputs = new Map<string, number>();
  private readonly next: { readonly sources: number; readonly count: number; readonly to: number };
  private readonly shown: { readonly sources: number; readonly count: number; readonly to: number };
  private readonly held: { readonly at: number; readonly bytes: number; readonly slots: number };

  /**
   * @param module compiled from `kernels.wasm`.
   * @param clock its port; null for a module without flip-flops.
   * @throws {ReadBackFault} for a flip-flop that is no `$_DFF_P_` on that very clock, and for what `elaborate` does not read.
   */
  constructor(module: WebAssembly.Module, circuit: YosysModule, clock: string | null) {
    const { module: gates, registers } = cutRegisters(circuit);
    const whole = wholeNetlist(gates);
    const [inputs, outputs] = [bitsOf(portsOf(gates, "input")), bitsOf(portsOf(gates, "output"))];
    const states = nextStates(whole, { inputs, outputs, registers, clock });
    const ports = outputs.flatMap(([port], o) => (port === REGISTERS_IN ? [] : [whole.outputs[o]!]));
    const plan = new MemoryPlan();
    const placed = placeNetlist({ ...whole, outputs: Uint32Array.from([...states, ...ports]) }, plan);
    const { inputSlots, outputs: literals } = placed.program;
    const source = (o: number): [number, number] => {
      const literal = literals[o]!;
      return [placed.address(literal >>> 1), -(literal & 1)];
    };
    // The interpreter has the inputs that are read one after another, in their order, from the first free slot on.
    const live = inputs.flatMap((bit, i) => (inputSlots[i]! < 0 ? [] : [bit]));
    const at = plan.reserve(SLOT * live.length);
    const shownAt = plan.reserve(SLOT * ports.length);
    const kept = live.flatMap(([port, r]) => (port === REGISTERS_OUT ? [r] : []));
    const place = (from: readonly number[], to: number): ClockedCircuit["next"] => ({
      sources: plan.place(Uint32Array.from(from.flatMap(source))),
      count: from.length,
      to,
    });
    const first = live.findIndex(([port]) => port === REGISTERS_OUT);
    this.next = place(kept, at + SLOT * Math.max(0, first));
    this.shown = place(
      ports.map((_, p) => states.length + p),
      shownAt,
    );
    this.held = { at, bytes: SLOT * live.length, slots: placed.address(TRUE_SLOT + 1) };
    for (const bit of inputs) this.inputs.set(nameOf(bit), -1);
    for (const [l, bit] of live.entries()) this.inputs.set(nameOf(bit), (at + SLOT * l) / 4);
    const named = outputs.filter(([port]) => port !== REGISTERS_IN);
    for (const [p, bit] of named.entries()) this.outputs.set(nameOf(bit), (shownAt + SLOT * p) / 4);
    this.machine = new Machine(module, plan, placed);
    this.words = new Uint32Array(this.machine.buffer);
  }

  /** Set a bit of an input port from now on. @param value of every sample, or shape `[LANE_WORDS]`. */
  drive(port: string, index: number, value: 0 | 1 | Uint32Array): void {
    const at = wordsAt(this.inputs, port, index);
    if (at < 0) return;
    if (typeof value === "number") this.words.fill(-value, at, at + LANE_WORDS);
    else this.words.set(value, at);
  }

  /** One clock cycle: outputs settle, then every flip-flop takes its next value. */
  step(): void {
    const { machine, words, held, next, shown } = this;
    words.copyWithin(held.slots / 4, held.at / 4, (held.at + held.bytes) / 4);
    machine.evaluate();
    machine.kernels.gather(shown.sources, shown.count, shown.to);
    machine.kernels.gather(next.sources, next.count, next.to);
  }

  /** A bit of an output port as it was before the last clock edge, shape `[LANE_WORDS]`; overwritten by the next step. */
  read(port: string, index: number): Uint32Array {
    const at = wordsAt(this.outputs, port, index);
    return this.words.subarray(at, at + LANE_WORDS);
  }
}

const nameOf = ([port, index]: PortBit): string => `${port}[${index}]`;

function wordsAt(ports: ReadonlyMap<string, number>, port: string, index: number): number {
  const at = ports.get(nameOf([port, index]));
  if (at === undefined) throw new ReadBackFault(`the circuit has no port ${port}[${index}]`);
  return at;
}

interface Cut {
  readonly inputs: readonly PortBit[];
  readonly outputs: readonly PortBit[];
  readonly registers: readonly Register[];
  readonly clock: string | null;
}

/** What each register takes at the clock's edge, as literals of `whole`. */
function nextStates(whole: Netlist, { inputs, outputs, registers, clock }: Cut): number[] {
  const pin = outputs.findIndex(([port]) => port === REGISTERS_IN);
  const edge = literalOf(1 + inputs.findIndex(([port]) => port === clock));
  let o = Math.max(0, pin);
  return registers.map(({ type, inputs: pins }) => {
    if (type !== "$_DFF_P_") throw new ReadBackFault(`a flip-flop of type ${type}, not a plain one`);
    const literals = new Map(pins.map(([name]) => [name, whole.outputs[o++]!]));
    if (clock === null || literals.get("C") !== edge)
      throw new ReadBackFault(`a flip-flop whose clock is not ${clock ?? "there"}`);
    return literals.get("D")!;
  });
}
