/** Module names of a design, legal in Verilog and SystemVerilog: the suffixes keep them off every keyword. */
export interface ModuleNames {
  readonly top: string;
  readonly encoder: string;
  readonly core: string;
  readonly part: (p: number) => string;
  readonly readout: string;
  readonly fullAdder: string;
  readonly halfAdder: string;
  readonly match: string;
  readonly lastMatch: string;
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

/** @param name letters, digits, `_` and `-`, starting with a letter; `-` becomes `_`. */
export function moduleNames(name: string): ModuleNames {
  const base = name.replaceAll("-", "_");
  return {
    top: `${base}_top`,
    encoder: `${base}_encoder`,
    core: `${base}_core`,
    part: (p) => `${base}_core_p${p}`,
    readout: `${base}_readout`,
    fullAdder: `${base}_full_adder`,
    halfAdder: `${base}_half_adder`,
    match: `${base}_match`,
    lastMatch: `${base}_last_match`,
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
