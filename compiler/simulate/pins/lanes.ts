import type { Beats } from "../../emit/verilog/interface/beats.js";
import type { Design } from "../../ir/design.js";
import { hardwareWidth } from "../../ir/encoder.js";
import { type ClockedCircuit, LANE_WORDS } from "../clocked.js";

/** A sample in every lane: the words of a bit of a feature's code, two's complement and sign-extended. */
export type SampleBits = (feature: number, bit: number) => Uint32Array;

/** What came back: bits of the class index, lowest first, and the lanes in which something else was wrong. */
export interface Answer {
  readonly bits: readonly Uint32Array[];
  readonly wrong: Uint32Array;
}

/** Whoever is on the other side of the pins: sends a sample a lane and hears the class of each. */
export type PinDriver = (sample: SampleBits) => Answer;

/** No lane, and all of them. */
export const NONE = new Uint32Array(LANE_WORDS);
export const ALL = new Uint32Array(LANE_WORDS).fill(0xffff_ffff);

/** Add lanes to those that are wrong. */
export function mark(wrong: Uint32Array, lanes: Uint32Array, except: 0 | 1 = 0): void {
  for (let w = 0; w < LANE_WORDS; w++) wrong[w]! |= lanes[w]! ^ -except;
}

export const isAll = (lanes: Uint32Array): boolean => lanes.every((bits) => bits === 0xffff_ffff);

/** Active-low reset for some cycles, then some more without. */
export function reset(circuit: ClockedCircuit, port: string): void {
  for (const value of [0, 1] as const) {
    circuit.drive(port, 0, value);
    for (let cycle = 0; cycle < 4; cycle++) circuit.step();
  }
}

/** Bit of a beat of the sample: fields of features, the first one lowest; what is past a code or the last feature is 1. */
export function beatBit(
  { encoder: { features } }: Design,
  { lanes, width }: Beats,
  sample: SampleBits,
  beat: number,
  bit: number,
): Uint32Array {
  const feature = beat * lanes + Math.floor(bit / width);
  const type = features[feature]?.type;
  return type !== undefined && bit % width < hardwareWidth(type) ? sample(feature, bit % width) : ALL;
}

/** Bit of a byte of the sample: of each feature the most significant byte first. */
export function byteBit(
  design: Design,
  beats: Beats,
  sample: SampleBits,
  byte: number,
  bit: number,
): Uint32Array {
  const bytes = beats.width / 8;
  return beatBit(design, beats, sample, Math.floor(byte / bytes), 8 * (bytes - 1 - (byte % bytes)) + bit);
}

/** Bytes of a sample. */
export const bytesOf = ({ count, width }: Beats): number => (count * width) / 8;
