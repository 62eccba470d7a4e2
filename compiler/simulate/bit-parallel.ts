import type { Design } from "../ir/design.js";
import { GateKind } from "../ir/gate-functions.js";
import { firstGate, type Netlist, nodeCount } from "../ir/netlist.js";
import { classify } from "../ir/readout.js";

/** Words simulated together: keeps the values of a 100k-gate netlist in the processor's caches. */
const BLOCK = 8;

/**
 * Evaluate every node on 32 samples a word.
 *
 * @param inputs shape `[inputs][words]`; bit `v` of word `w` is sample `32 w + v`.
 * @returns shape `[nodes, words]`, row-major; node 0 is all zero.
 * @remarks O(nodes * words) memory; `simulate` needs less when only outputs are wanted.
 */
export function simulateNodes(netlist: Netlist, inputs: readonly Uint32Array[], words: number): Uint32Array {
  checkInputs(netlist, inputs);
  const values = new Uint32Array(nodeCount(netlist) * words);
  for (let i = 0; i < netlist.inputs; i++) values.set(inputs[i]!.subarray(0, words), (1 + i) * words);
  evaluateNodes(netlist, values, words);
  return values;
}

/**
 * Evaluate the outputs on 32 samples a word.
 *
 * @param inputs shape `[inputs][words]`; bit `v` of word `w` is sample `32 w + v`.
 * @returns shape `[outputs][words]`; bits past the last sample are those of whatever the inputs held there.
 */
export function simulate(netlist: Netlist, inputs: readonly Uint32Array[], words: number): Uint32Array[] {
  checkInputs(netlist, inputs);
  const outputs = Array.from(netlist.outputs, () => new Uint32Array(words));
  const values = new Uint32Array(nodeCount(netlist) * BLOCK);
  for (let from = 0; from < words; from += BLOCK) {
    const width = Math.min(BLOCK, words - from);
    for (let i = 0; i < netlist.inputs; i++) {
      const row = inputs[i]!;
      for (let w = 0; w < width; w++) values[(1 + i) * BLOCK + w] = row[from + w]!;
    }
    evaluateNodes(netlist, values, BLOCK);
    netlist.outputs.forEach((literal, o) => {
      const at = (literal >>> 1) * BLOCK;
      const flip = -(literal & 1);
      const row = outputs[o]!;
      for (let w = 0; w < width; w++) row[from + w] = values[at + w]! ^ flip;
    });
  }
  return outputs;
}

/**
 * Fill in the gates of `values` from its inputs; the hot loop.
 *
 * @param values shape `[nodes, words]`, row-major.
 */
export function evaluateNodes(netlist: Netlist, values: Uint32Array, words: number): void {
  const { kind, fanin0, fanin1 } = netlist;
  let at = firstGate(netlist) * words;
  for (let g = 0; g < kind.length; g++) {
    const f0 = fanin0[g]!;
    const f1 = fanin1[g]!;
    const a = (f0 >>> 1) * words;
    const b = (f1 >>> 1) * words;
    const flipA = -(f0 & 1);
    const flipB = -(f1 & 1);
    if (kind[g] === GateKind.And) {
      for (let w = 0; w < words; w++) values[at + w] = (values[a + w]! ^ flipA) & (values[b + w]! ^ flipB);
    } else {
      const flip = flipA ^ flipB;
      for (let w = 0; w < words; w++) values[at + w] = values[a + w]! ^ values[b + w]! ^ flip;
    }
    at += words;
  }
}

function checkInputs(netlist: Netlist, inputs: readonly Uint32Array[]): void {
  if (inputs.length !== netlist.inputs) {
    throw new RangeError(`expected ${netlist.inputs} input rows but found ${inputs.length}`);
  }
}

/**
 * The class of every sample.
 *
 * @param bits shape `[encoder bits][words]`, from `encodeSamples`.
 * @returns shape `[samples]`.
 */
export function predict(design: Design, bits: readonly Uint32Array[], samples: number): Uint16Array {
  return classify(design.readout, simulate(design.core, bits, Math.ceil(samples / 32)), samples);
}
