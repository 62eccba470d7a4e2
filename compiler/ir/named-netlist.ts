import type { Design } from "./design.js";
import type { Netlist } from "./netlist.js";

/** A netlist as exchange formats hold it: with a name of its own and one for each primary input and output. */
export interface NamedNetlist {
  /** Name of the circuit (BLIF's model), not empty. */
  readonly name: string;
  readonly netlist: Netlist;
  /** Shape `[inputs]`. */
  readonly inputNames: readonly string[];
  /** Shape `[outputs]`. */
  readonly outputNames: readonly string[];
  /** False when the file that it came from names nothing: the names are then `i0…` and `o0…`, by position. */
  readonly hasNames: boolean;
}

/** `prefix0`, `prefix1`, …, `count` of them. */
export const numberedNames = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${prefix}${i}`);

/** A design's core under the names that it has in Verilog: encoder bits `x…`, votes `y…`. */
export const namedCore = (core: Netlist, name: string): NamedNetlist => ({
  name,
  netlist: core,
  inputNames: numberedNames("x", core.inputs),
  outputNames: numberedNames("y", core.outputs.length),
  hasNames: true,
});

/**
 * A circuit that has nothing to do with learning as a design, so that every pass of the core serves it: each input
 * is a boolean feature, and the readout counts nothing (one class, no votes). The core's outputs are what counts.
 */
export function designOf({ netlist, inputNames }: NamedNetlist): Design {
  return {
    encoder: {
      features: inputNames.map((name) => ({ name, type: { kind: "boolean" } })),
      bits: inputNames.map((_, feature) => ({ feature, test: "at-least", value: 1 })),
    },
    core: netlist,
    readout: {
      classNames: ["any"],
      offset: new Int32Array(1),
      start: new Uint32Array(2),
      vote: new Uint32Array(0),
      weight: new Int32Array(0),
    },
  };
}
