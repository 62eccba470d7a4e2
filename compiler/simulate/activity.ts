import { popcount } from "../../base/popcount.js";
import { type Netlist, nodeCount } from "../ir/netlist.js";
import { evaluateNodes } from "./bit-parallel.js";

/** How often nets were 1, and how often they changed from one sample to the next. */
export interface Activity {
  /** Shape `[nets]`: samples in which the net was 1. */
  readonly ones: Uint32Array;
  /** Shape `[nets]`: samples in which it was not what it was in the sample before. */
  readonly toggles: Uint32Array;
}

/** Words simulated together. */
const BLOCK = 16;

/**
 * Exact switching activity of every node, without glitches: values once they have settled.
 *
 * @param inputs shape `[inputs][words]`, 32 consecutive samples a word.
 * @returns of every node; node 0 is constant.
 */
export function nodeActivity(netlist: Netlist, inputs: readonly Uint32Array[], samples: number): Activity {
  const counter = new ActivityCounter(nodeCount(netlist));
  const values = new Uint32Array(nodeCount(netlist) * BLOCK);
  for (let from = 0; 32 * from < samples; from += BLOCK) {
    inputs.forEach((row, i) => {
      for (let w = 0; w < BLOCK; w++) values[(1 + i) * BLOCK + w] = row[from + w] ?? 0;
    });
    evaluateNodes(netlist, values, BLOCK);
    counter.add(values, Math.min(32 * BLOCK, samples - 32 * from));
  }
  return counter;
}

/** The same of rows of bits, shape `[rows][words]`. */
export function rowActivity(rows: readonly Uint32Array[], samples: number): Activity {
  const counter = new ActivityCounter(rows.length);
  const values = new Uint32Array(rows.length * BLOCK);
  for (let from = 0; 32 * from < samples; from += BLOCK) {
    rows.forEach((row, i) => {
      for (let w = 0; w < BLOCK; w++) values[i * BLOCK + w] = row[from + w] ?? 0;
    });
    counter.add(values, Math.min(32 * BLOCK, samples - 32 * from));
  }
  return counter;
}

class ActivityCounter implements Activity {
  readonly ones: Uint32Array;
  readonly toggles: Uint32Array;
  /** The last bit of every net so far. */
  private readonly last: Uint8Array;
  private begun = false;

  constructor(private readonly nets: number) {
    this.ones = new Uint32Array(nets);
    this.toggles = new Uint32Array(nets);
    this.last = new Uint8Array(nets);
  }

  /** @param values shape `[nets, BLOCK]`, the next samples; the last of them are few only at the very end. */
  add(values: Uint32Array, samples: number): void {
    const words = Math.ceil(samples / 32);
    const tail = samples % 32 === 0 ? -1 : (1 << (samples % 32)) - 1;
    for (let net = 0; net < this.nets; net++) {
      const at = net * BLOCK;
      // The first sample of all has none before it to differ from.
      let before = this.begun ? this.last[net]! : values[at]! & 1;
      let [ones, toggles] = [0, 0];
      for (let w = 0; w < words; w++) {
        const word = values[at + w]!;
        const mask = w === words - 1 ? tail : -1;
        ones += popcount(word & mask);
        toggles += popcount((word ^ ((word << 1) | before)) & mask);
        before = word >>> 31;
      }
      this.ones[net]! += ones;
      this.toggles[net]! += toggles;
      this.last[net] = before;
    }
    this.begun = true;
  }
}
