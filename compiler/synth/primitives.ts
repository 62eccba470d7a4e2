import type { Family } from "../ir/target.js";

/** How a family's look-up tables are called. Truth tables are binary, the pattern of all ones first. */
export interface LutPrimitive {
  /** Cell type for a LUT of so many inputs; `*` in it stands for their number. */
  readonly type: string;
  readonly inputs: readonly string[];
  readonly output: string;
  /** The parameter that holds the truth table. */
  readonly parameter: string;
  /** The fewest inputs that there is a cell for: unused ones are tied to 0. */
  readonly least: number;
}

const letters = "ABCDEF".split("");
const numbered = [0, 1, 2, 3, 4, 5].map((i) => `I${i}`);

/** The LUTs of every family but `generic`, whose LUTs are Yosys's `$lut`. */
export const LUT_PRIMITIVES: Readonly<Record<Exclude<Family, "generic">, LutPrimitive>> = {
  ice40: { type: "SB_LUT4", inputs: numbered.slice(0, 4), output: "O", parameter: "LUT_INIT", least: 4 },
  ecp5: { type: "LUT4", inputs: letters.slice(0, 4), output: "Z", parameter: "INIT", least: 4 },
  xilinx: { type: "LUT*", inputs: numbered, output: "O", parameter: "INIT", least: 1 },
  gowin: { type: "LUT*", inputs: numbered.slice(0, 4), output: "F", parameter: "INIT", least: 1 },
  intel: { type: "MISTRAL_ALUT*", inputs: letters, output: "Q", parameter: "LUT", least: 2 },
};

/** Inputs of a cell if its type is a LUT of the family, else 0. */
export function lutSize(primitive: LutPrimitive, type: string): number {
  const [head] = primitive.type.split("*");
  if (type === primitive.type) return primitive.least;
  const size = type.slice(head!.length);
  return primitive.type.endsWith("*") && type.startsWith(head!) && /^[1-6]$/.test(size) ? Number(size) : 0;
}
