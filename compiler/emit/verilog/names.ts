import type { ReadoutCell } from "../../map/readout-circuit.js";

/** Module names of a design, legal in Verilog and SystemVerilog: the suffixes keep them off every keyword. */
export interface ModuleNames {
  /** The run's name as an identifier. */
  readonly base: string;
  readonly top: string;
  readonly encoder: string;
  readonly core: string;
  readonly part: (p: number) => string;
  readonly readout: string;
  /** Cells of the readout; see `ReadoutCell`. */
  readonly counter: (heights: readonly number[], outputs: number) => string;
  readonly comparison: (bits: number, below: boolean) => string;
  readonly choice: (sides: number) => string;
  /** What kind of cell a module is; null for another module. */
  readonly cellKind: (module: string) => ReadoutCell["tag"] | null;
  /** The class index from the results of the matches. */
  readonly index: string;
  readonly testbench: string;
  /** Interfaces and what they consist of (docs/interfaces.md). */
  readonly valid: string;
  readonly axis: string;
  readonly spi: string;
  readonly uart: string;
  readonly serialEncoder: string;
  readonly skid: string;
  readonly word: string;
  readonly receiver: string;
  readonly transmitter: string;
}

const CELL_KINDS: Readonly<Record<string, ReadoutCell["tag"]>> = {
  count: "counter",
  higher: "comparison",
  choice: "choice",
};

/** @param name letters, digits, `_` and `-`, starting with a letter; `-` becomes `_`. */
export function moduleNames(name: string): ModuleNames {
  const base = name.replaceAll("-", "_");
  return {
    base,
    top: `${base}_top`,
    encoder: `${base}_encoder`,
    core: `${base}_core`,
    part: (p) => `${base}_core_p${p}`,
    readout: `${base}_readout`,
    counter: (heights, outputs) => `${base}_count_${heights.join("_")}_to_${outputs}`,
    comparison: (bits, below) => `${base}_higher_${bits}${below ? "_below" : ""}`,
    choice: (sides) => `${base}_choice_${sides}`,
    cellKind: (module) =>
      CELL_KINDS[new RegExp(`^${base}_(count|higher|choice)_`).exec(module)?.[1] ?? ""] ?? null,
    index: `${base}_index`,
    testbench: `${base}_tb`,
    valid: `${base}_valid`,
    axis: `${base}_axis`,
    spi: `${base}_spi`,
    uart: `${base}_uart`,
    serialEncoder: `${base}_serial_encoder`,
    skid: `${base}_skid`,
    word: `${base}_word`,
    receiver: `${base}_receiver`,
    transmitter: `${base}_transmitter`,
  };
}

/** Scalar nets between the modules: encoder bit `i`, core output (vote) `v`. */
export const bitNet = (i: number): string => `x${i}`;
export const voteNet = (v: number): string => `y${v}`;
