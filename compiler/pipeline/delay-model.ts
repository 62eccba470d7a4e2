import type { Target } from "../ir/target.js";

/** Nanoseconds, typical of placed designs: what place and route reports may be better or worse by a third. */
export interface DelayModel {
  /** A LUT and the wire to it. */
  readonly level: number;
  /** A position of a carry chain. */
  readonly carry: number;
  /** Clock to output and set-up of the registers at both ends of a path. */
  readonly overhead: number;
}

const FAMILIES: Readonly<Record<Target["family"], DelayModel>> = {
  generic: { level: 1, carry: 0.1, overhead: 1 },
  ice40: { level: 1.2, carry: 0.13, overhead: 1 },
  ecp5: { level: 1, carry: 0.07, overhead: 0.8 },
  xilinx: { level: 0.8, carry: 0.03, overhead: 0.6 },
  gowin: { level: 1.3, carry: 0.06, overhead: 0.9 },
  intel: { level: 0.8, carry: 0.05, overhead: 0.7 },
};

/** Devices that are slower or faster than their family. */
const SCALE: Readonly<Record<string, number>> = { "ice40:up5k": 2.3, "xilinx:us+": 0.65 };

/** What paths of a target take. */
export function delayModel({ name, family }: Target): DelayModel {
  const scale = SCALE[name] ?? 1;
  const { level, carry, overhead } = FAMILIES[family];
  return { level: scale * level, carry: scale * carry, overhead: scale * overhead };
}
