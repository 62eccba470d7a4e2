import type { Design } from "../../../ir/design.js";
import { indexWidth } from "../../../ir/readout.js";
import { usedInputs } from "../core.js";
import { instance, vector } from "../module.js";
import { bitNet, type ModuleNames, voteNet } from "../names.js";

/** Ranks of registers within core and readout; none makes a module combinational, without clock. */
export interface Latency {
  readonly core: number;
  readonly readout: number;
}

/** Clock cycles from the encoder bits to the class index. */
export const cycles = ({ core, readout }: Latency): number => core + readout;

/** Every net on the port of its name. */
export const same = (nets: readonly string[]): [string, string][] => nets.map((net) => [net, net]);

/** A module with registers has these ports. */
const clocked = (latency: number, clock: string, enable: string): [string, string][] =>
  latency > 0
    ? [
        ["clk", clock],
        ["enable", enable],
      ]
    : [];

/**
 * Core and readout, from the nets `x<i>`, which have to exist, to a new net `found`.
 *
 * @param enable expression: what is in their registers moves on.
 */
export function network(
  { core, readout }: Design,
  names: ModuleNames,
  latency: Latency,
  clock: string,
  enable: string,
): string[] {
  const votes = Array.from(core.outputs, (_, v) => voteNet(v));
  return [
    ...votes.map((net) => `wire ${net};`),
    `wire ${vector(indexWidth(readout.classNames.length), "found")};`,
    ...instance(names.core, "core", [
      ...clocked(latency.core, clock, enable),
      ...same([...usedInputs(core).map(bitNet), ...votes]),
    ]),
    ...instance(names.readout, "readout", [
      ...clocked(latency.readout, clock, enable),
      ...same(votes),
      ["class_index", "found"],
    ]),
  ];
}

/**
 * Shift register of `depth` bits, newest lowest, all zero in reset; `depth` 0 is a wire.
 *
 * @returns lines, and the expression of the input `depth` cycles ago.
 */
export function delay(
  name: string,
  depth: number,
  input: string,
  { clock, reset, enable }: { readonly clock: string; readonly reset: string; readonly enable: string },
): { readonly lines: readonly string[]; readonly delayed: string } {
  if (depth === 0) return { lines: [], delayed: input };
  const next = depth === 1 ? input : `{${name}[${depth - 2}:0], ${input}}`;
  const load = enable === "1'b1" ? "else" : `else if (${enable})`;
  return {
    lines: [
      `reg ${vector(depth, name)};`,
      `always @(posedge ${clock})`,
      `  if (${reset}) ${name} <= ${depth}'d0;`,
      `  ${load} ${name} <= ${next};`,
    ],
    delayed: `${name}[${depth - 1}]`,
  };
}
