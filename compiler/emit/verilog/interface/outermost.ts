import type { Design } from "../../../ir/design.js";
import { beatsFor, type InterfaceOptions, outermostModule } from "./interface.js";
import { cycles } from "./network.js";
import { validLatency } from "./valid.js";

/** A port of a module. */
export interface Pin {
  readonly port: string;
  readonly direction: "input" | "output";
  readonly width: number;
}

/** Ports of an emitted module, read from its text; they are one a line. */
export function pinsOf(text: string): Pin[] {
  return [...text.matchAll(/^ {2}(input|output) +wire (?:\[(\d+):0\] )?(\w+)/gm)].map((found) => ({
    port: found[3]!,
    direction: found[1] as Pin["direction"],
    width: found[2] === undefined ? 1 : Number(found[2]) + 1,
  }));
}

/** The outermost module for who connects or constrains it, as it stands in `<name>_interface.json`. */
export interface Outermost {
  readonly interface: InterfaceOptions["kind"];
  readonly module: string;
  /** Port of the clock; null when everything is combinational. */
  readonly clock: string | null;
  /** Port of the reset, active low; null when there is none. */
  readonly reset: string | null;
  /** Clock edges from a whole sample to its class, where they are fixed. */
  readonly latency?: number;
  /** How a sample is sent in parts: beats (or words of bytes) and features and bits of a field in each. */
  readonly frame?: { readonly beats: number; readonly lanes: number; readonly width: number };
  readonly pins: readonly Pin[];
}

/** @param text the outermost module. */
export function describeOutermost(
  design: Design,
  name: string,
  options: InterfaceOptions,
  text: string,
): Outermost {
  const { kind, latency } = options;
  const pins = pinsOf(text);
  const has = (port: string): boolean => pins.some((pin) => pin.port === port);
  const clock = ["aclk", "clk"].find(has) ?? null;
  const reset = ["aresetn", "rst_n"].find(has) ?? null;
  const common = { interface: kind, module: outermostModule(name, kind), clock, reset };
  if (kind === "parallel") return { ...common, latency: cycles(latency), pins };
  if (kind === "valid") return { ...common, latency: validLatency(latency), pins };
  const { count, lanes, width } = beatsFor(design, options);
  return { ...common, frame: { beats: count, lanes, width }, pins };
}
