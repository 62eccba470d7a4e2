import type { Netlist } from "../ir/netlist.js";
import { MemoryPlan, type RunningKernels, type SimulationKernels, SLOT } from "./kernels.js";
import { compileProgram, type Program, TRUE_SLOT } from "./program.js";

/** 32-bit words of a slot. */
const WORDS = SLOT / 4;

/** Where a netlist is in a memory of the interpreter. */
export interface PlacedNetlist {
  readonly program: Program;
  /** Address of a slot. */
  readonly address: (slot: number) => number;
  readonly runs: number;
  readonly gates: number;
}

/** Plan a netlist's slots and program. */
export function placeNetlist(netlist: Netlist, plan: MemoryPlan): PlacedNetlist {
  const program = compileProgram(netlist);
  const slots = plan.reserve(SLOT * program.slots);
  const address = (slot: number): number => slots + SLOT * slot;
  const gates = new Uint32Array(program.gates.length);
  for (let i = 0; i < gates.length; i++) gates[i] = slots + SLOT * program.gates[i]!;
  return { program, address, runs: plan.place(program.runs), gates: plan.place(gates) };
}

/** A netlist in the memory of the interpreter, evaluated on 512 samples at a time. */
export class Machine implements RunningKernels {
  readonly kernels: SimulationKernels;
  readonly buffer: ArrayBuffer;
  private readonly words: Uint32Array;

  constructor(
    module: WebAssembly.Module,
    plan: MemoryPlan,
    private readonly placed: PlacedNetlist,
  ) {
    ({ kernels: this.kernels, buffer: this.buffer } = plan.instantiate(module));
    this.words = new Uint32Array(this.buffer);
    const constant = this.wordOf(TRUE_SLOT);
    this.words.fill(0xffff_ffff, constant, constant + WORDS);
  }

  private wordOf(slot: number): number {
    return this.placed.address(slot) / 4;
  }

  /** Set the inputs to words `from` up to `from + 16` of their rows; what is past the end of a row is 0. */
  load(inputs: readonly Uint32Array[], from: number): void {
    const { words } = this;
    const { inputSlots } = this.placed.program;
    for (let i = 0; i < inputs.length; i++) {
      if (inputSlots[i]! < 0) continue;
      const row = inputs[i]!;
      const at = this.wordOf(inputSlots[i]!);
      const filled = Math.min(WORDS, row.length - from);
      for (let w = 0; w < filled; w++) words[at + w] = row[from + w]!;
      for (let w = filled; w < WORDS; w++) words[at + w] = 0;
    }
  }

  /** Compute the outputs from what is in the inputs' slots, which does not survive it. */
  evaluate(): void {
    const { runs, gates, program } = this.placed;
    this.kernels.evaluate(runs, program.runs.length / 2, gates);
  }

  /** Words of an output into a row, from word `from` up to the row's end. */
  store(output: number, row: Uint32Array, from: number): void {
    const literal = this.placed.program.outputs[output]!;
    const at = this.wordOf(literal >>> 1);
    const flip = -(literal & 1);
    const end = Math.min(row.length, from + WORDS);
    for (let w = from; w < end; w++) row[w] = this.words[at + w - from]! ^ flip;
  }
}

/**
 * Evaluate the outputs on 32 samples a word: what `simulate` of bit-parallel.ts does, in WebAssembly.
 *
 * @param module compiled from `kernels.wasm`.
 * @param inputs shape `[inputs][words]`; bit `v` of word `w` is sample `32 w + v`.
 * @returns shape `[outputs][words]`; bits past the last sample are those of whatever the inputs held there.
 */
export function simulateFast(
  module: WebAssembly.Module,
  netlist: Netlist,
  inputs: readonly Uint32Array[],
  words: number,
): Uint32Array[] {
  if (inputs.length !== netlist.inputs)
    throw new RangeError(`expected ${netlist.inputs} input rows but found ${inputs.length}`);
  const plan = new MemoryPlan();
  const placed = placeNetlist(netlist, plan);
  const machine = new Machine(module, plan, placed);
  const outputs = Array.from(netlist.outputs, () => new Uint32Array(words));
  for (let from = 0; from < words; from += WORDS) {
    machine.load(inputs, from);
    machine.evaluate();
    outputs.forEach((row, o) => {
      machine.store(o, row, from);
    });
  }
  return outputs;
}
