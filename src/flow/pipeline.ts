import type { Design } from "../../compiler/ir/design.js";
import { findTarget } from "../../compiler/ir/target.js";
import { type PipelinePlan, planPipeline } from "../../compiler/pipeline/plan.js";
import type { Config } from "../config/schema.js";
import { emittedStyle } from "./emitted-style.js";

/** Registers on every path from features to class; 0 for a combinational design. */
export const configuredLatency = (config: Config, design: Design): number =>
  config.hardware.pipeline ?? configuredPipeline(config, design)?.latency ?? 0;

/** Plans that were made, by what they are of: emit, simulate and verify ask several times. */
const plans = new WeakMap<Design, Map<string, PipelinePlan>>();

/** Where the registers of the design are; null where it is to be combinational. */
export function configuredPipeline(config: Config, design: Design): PipelinePlan | null {
  const { pipeline, fmax, target } = config.hardware;
  if (pipeline === null && fmax === null) return null;
  const made = plans.get(design) ?? new Map<string, PipelinePlan>();
  plans.set(design, made);
  const style = emittedStyle(config, design);
  const key = `${target} ${style.carry} ${pipeline} ${fmax}`;
  const goal = pipeline === null ? { fmax: fmax! } : { stages: pipeline };
  const plan = made.get(key) ?? planPipeline(design, findTarget(target), goal, style);
  made.set(key, plan);
  return plan;
}
