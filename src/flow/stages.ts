import type { Stage } from "./stage.js";
import { bitstreamStage } from "./stages/bitstream.js";
import { emitStage } from "./stages/emit.js";
import { optimizeStage } from "./stages/optimize.js";
import { pruneStage } from "./stages/prune.js";
import { simulateStage } from "./stages/simulate.js";
import { synthStage } from "./stages/synth.js";
import { trainStage } from "./stages/train.js";
import { verifyStage } from "./stages/verify.js";

/** All stages, in the order in which a build runs them. */
export const STAGES: readonly Stage[] = [
  trainStage,
  optimizeStage,
  pruneStage,
  emitStage,
  simulateStage,
  verifyStage,
  synthStage,
  bitstreamStage,
];
