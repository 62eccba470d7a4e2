import type { ReadoutCell } from "../../map/readout-circuit.js";

/** Module names of a design, legal in Verilog and SystemVerilog: the suffixes keep them off every keyword. */
export interface ModuleNames {
  /** The run's name as an identifier. */
  readonly base: string;
  readonly top: string;
  readonly encoder: string;
  readonly core: string;
  /** The modules that the core consists of. */
  readonly part: (p: number) => string;
  readonly isPart: (module: string) => boolean;
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
    isPart: (module) => new RegExp(`^${base}_core_p\\d+$`).test(module),
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

/** Scalar net of a node of the core: an encoder bit or gate `g`. @param first node of the first gate. */
export const nodeNet = (node: number, first: number): string =>
  node < first ? bitNet(node - 1) : `n${node - first}`;

/** The node whose net has that name; null if it is none of a core with `nodes` nodes. */
export function nodeOfNet(net: string, first: number, nodes: number): number | null {
  const [, kind, digits] = /^([xn])(0|[1-9]\d*)$/.exec(net) ?? [];
  if (kind === undefined) return null;
  const node = Number(digits) + (kind === "x" ? 1 : first);
  return node < (kind === "x" ? first : nodes) ? node : null;
}
