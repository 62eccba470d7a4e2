import type { Design } from "../../compiler/ir/design.js";
import { gateCount } from "../../compiler/ir/netlist.js";
import { findTarget } from "../../compiler/ir/target.js";
import { plainStyle, type ReadoutStyle, readoutStyle } from "../../compiler/map/counter.js";
import type { Config } from "../config/schema.js";

/** Who mapped to LUTs: our mapper over everything between the registers, or Yosys. */
export type HandOver = "luts" | "gates";

/** Gates of the core up to which both ways are tried: Yosys takes minutes and gigabytes beyond. */
const BOTH_WAYS = 4000;

/** The ways of handing over that synthesis tries. */
export function waysOf(
  { synth: { handover } }: Pick<Config, "synth">,
  { core }: Design,
): readonly HandOver[] {
  if (handover !== "auto") return [handover];
  return gateCount(core) <= BOTH_WAYS ? ["luts", "gates"] : ["luts"];
}

/** Whether anything of the circuit is clocked. */
export const isClocked = ({ hardware }: Pick<Config, "hardware">): boolean =>
  hardware.interface !== "parallel" || hardware.pipeline !== null || hardware.fmax !== null;

/**
 * What the emitted readout is made for: the target's LUTs and carry chains, but for its LUTs alone where our mapper, which
 * takes a carry chain for gates, is handed the emitted Verilog. A combinational design is mapped without its Verilog.
 */
export function emittedStyle(config: Pick<Config, "hardware" | "synth">, design: Design): ReadoutStyle {
  const target = findTarget(config.hardware.target);
  const oursOnly = isClocked(config) && waysOf(config, design).every((how) => how === "luts");
  return oursOnly ? plainStyle(target.lutInputs) : readoutStyle(target);
}
