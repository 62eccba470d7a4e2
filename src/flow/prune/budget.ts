import type { Design } from "../../../compiler/ir/design.js";
import { accuracyOf, type LabelledBits } from "../../../compiler/ir/labelled-bits.js";
import { gateCount } from "../../../compiler/ir/netlist.js";
import { findTarget } from "../../../compiler/ir/target.js";
import { lutCost, totalLuts } from "../../../compiler/map/lut-cost.js";
import { mapDesign } from "../../../compiler/synth/map-design.js";
import { countResources } from "../../../compiler/synth/resources.js";
import type { Config } from "../../config/schema.js";
import { predictBits } from "../../simulate/predict.js";
import { isClocked } from "../emitted-style.js";

/** What pruning has to keep to; null for no bound. */
export type Budget = Pick<Config["prune"], "maxAccuracyDrop" | "maxGates" | "maxLuts">;

/** What a design is like, of all that budgets bound. */
export interface Measured {
  readonly gates: number;
  /** Encoder, core and readout; null where no budget bounds them. */
  readonly luts: number | null;
  /** Share of the validation samples that are right. */
  readonly validation: number;
}

export const isPruned = ({ maxAccuracyDrop, maxGates, maxLuts }: Budget): boolean =>
  maxAccuracyDrop !== null || maxGates !== null || maxLuts !== null;

/**
 * Whether votes are trimmed along with the gates. Unless the configuration says, where LUTs are what is to be saved: not
 * under a bound on gates alone.
 */
export const trimsVotes = ({ trim, maxGates, maxLuts }: Budget & Pick<Config["prune"], "trim">): boolean =>
  trim ?? (maxLuts !== null || maxGates === null);

/** The LUTs that a design takes, all of it. */
export type CountLuts = (design: Design) => number;

/**
 * How LUTs are counted for a budget: where the target is to get the whole design as LUTs, those that it gets; where parts stay
 * apart, or registers come between them, the sum of encoder, core and readout.
 */
export function lutCounter(config: Config): CountLuts {
  const target = findTarget(config.hardware.target);
  return target.family === "generic" || isClocked(config)
    ? (design) => totalLuts(lutCost(design, target.lutInputs))
    : (design) => countResources(mapDesign(design, target).module).luts;
}

export function measure(
  design: Design,
  validation: LabelledBits,
  { maxLuts }: Budget,
  countLuts: CountLuts,
): Measured {
  const { bits, samples, labels } = validation;
  return {
    gates: gateCount(design.core),
    luts: maxLuts === null ? null : countLuts(design),
    validation: accuracyOf(predictBits(design, bits, samples), labels),
  };
}

/** Whether a design is small enough. */
export const isSmall = ({ maxGates, maxLuts }: Budget, { gates, luts }: Measured): boolean =>
  (maxGates === null || gates <= maxGates) && (maxLuts === null || luts! <= maxLuts);

/** Whether a design has lost no more accuracy than it may. @param slack further loss that is let pass. */
export const isAccurate = (
  { maxAccuracyDrop }: Budget,
  before: Measured,
  { validation }: Measured,
  slack = 0,
): boolean => maxAccuracyDrop === null || before.validation - validation <= maxAccuracyDrop + slack + 1e-9;
