import type { Beats } from "../../emit/verilog/interface/beats.js";
import { SPI_OVERSAMPLING } from "../../emit/verilog/interface/spi.js";
import type { Design } from "../../ir/design.js";
import { indexWidth } from "../../ir/readout.js";
import type { ClockedCircuit } from "../clocked.js";
import { ALL, byteBit, bytesOf, mark, NONE, type PinDriver, reset } from "./lanes.js";

const HALF = SPI_OVERSAMPLING / 2;
/** Bytes after the sample within which the status has to say that it is whole. */
const PATIENCE = 20;

/** The master, at the highest rate of `sclk`. */
export function spiDriver(circuit: ClockedCircuit, design: Design, beats: Beats): PinDriver {
  const classBits = indexWidth(design.readout.classNames.length);
  const wait = (cycles: number): void => {
    for (let cycle = 0; cycle < cycles; cycle++) circuit.step();
  };
  /** Sends a byte, most significant bit first; the bits that came back, the lowest first. */
  const exchange = (bit: (index: number) => Uint32Array): Uint32Array[] => {
    const heard: Uint32Array[] = [];
    for (let index = 7; index >= 0; index--) {
      circuit.drive("mosi", 0, bit(index));
      wait(HALF);
      heard.unshift(circuit.read("miso", 0).slice());
      circuit.drive("sclk", 0, 1);
      wait(HALF);
      circuit.drive("sclk", 0, 0);
    }
    return heard;
  };
  const select = (level: 0 | 1): void => {
    circuit.drive("cs_n", 0, level);
    wait(2 * SPI_OVERSAMPLING);
  };
  circuit.drive("cs_n", 0, 1);
  reset(circuit, "rst_n");
  return (sample) => {
    const wrong = NONE.slice();
    select(0);
    for (let byte = 0; byte < bytesOf(beats); byte++) {
      // Nothing is whole before the last byte.
      mark(wrong, exchange((bit) => byteBit(design, beats, sample, byte, bit))[7]!);
    }
    let status = exchange(() => ALL);
    for (let tries = 1; tries < PATIENCE && status[7]![0] === 0; tries++) status = exchange(() => ALL);
    select(1);
    mark(wrong, status[7]!, 1);
    for (const unused of status.slice(classBits, 7)) mark(wrong, unused);
    return { bits: status.slice(0, classBits), wrong };
  };
}
