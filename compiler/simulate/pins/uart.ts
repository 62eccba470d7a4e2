import type { Beats } from "../../emit/verilog/interface/beats.js";
import type { Design } from "../../ir/design.js";
import { indexWidth } from "../../ir/readout.js";
import type { ClockedCircuit } from "../clocked.js";
import { ALL, type Answer, byteBit, bytesOf, isAll, mark, NONE, type PinDriver, reset } from "./lanes.js";

/** Bits of a byte on the line: start, eight of data, stop. */
const BITS = 10;
/** Bit times within which an answer has to begin after the last byte. */
const PATIENCE = 40;

/** The other end of the line, at exactly the circuit's rate. */
export function uartDriver(
  circuit: ClockedCircuit,
  design: Design,
  beats: Beats,
  divisor: number,
): PinDriver {
  const classBits = indexWidth(design.readout.classNames.length);
  circuit.drive("rx", 0, 1);
  reset(circuit, "rst_n");
  return (sample) => {
    const listener = new Listener(circuit, divisor);
    const send = (level: 0 | 1 | Uint32Array): void => {
      circuit.drive("rx", 0, level);
      for (let cycle = 0; cycle < divisor; cycle++) listener.step();
    };
    for (let byte = 0; byte < bytesOf(beats); byte++) {
      send(0);
      for (let bit = 0; bit < 8; bit++) send(byteBit(design, beats, sample, byte, bit));
      send(1);
    }
    for (let bit = 0; bit < PATIENCE && !listener.done; bit++) send(1);
    return listener.answer(classBits);
  };
}

/** Hears one byte, which begins in all lanes at once. */
class Listener {
  private readonly bits: Uint32Array[] = [];
  /** Cycles since the start bit began; -1 before. */
  private since = -1;

  constructor(
    private readonly circuit: ClockedCircuit,
    private readonly divisor: number,
  ) {}

  get done(): boolean {
    return this.bits.length === BITS;
  }

  step(): void {
    this.circuit.step();
    if (this.done) return;
    const tx = this.circuit.read("tx", 0);
    if (this.since < 0 && isAll(tx)) return;
    this.since++;
    if (this.since % this.divisor === this.divisor >> 1) this.bits.push(tx.slice());
  }

  answer(classBits: number): Answer {
    if (!this.done) return { bits: [], wrong: ALL };
    const wrong = NONE.slice();
    mark(wrong, this.bits[0]!);
    for (const unused of this.bits.slice(1 + classBits, 9)) mark(wrong, unused);
    mark(wrong, this.bits[9]!, 1);
    return { bits: this.bits.slice(1, 1 + classBits), wrong };
  }
}
