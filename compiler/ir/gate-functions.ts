import { FALSE, type Literal, TRUE } from "./literal.js";

/**
 * The sixteen functions of two inputs, the one table of them in dbnc.
 *
 * Function number `f` is its truth table read as a four-bit number, output for (a, b) = 00 first:
 * `f(a, b) = (f >> (3 - 2a - b)) & 1`. So 1 is AND, 6 is XOR, 7 is OR, 14 is NAND. This is the order of
 * difflogic (Petersen et al., "Deep Differentiable Logic Gate Networks", NeurIPS 2022, table 1).
 */
export const GATE_FUNCTIONS = 16;

/** Output of function `f` on the bits `a` and `b`. */
export const gateOutput = (f: number, a: number, b: number): number => (f >> (3 - 2 * a - b)) & 1;

export const GateKind = { And: 0, Xor: 1 } as const;
export type GateKind = (typeof GateKind)[keyof typeof GateKind];

/** What a function is in an XOR-AND graph: a constant, one of its inputs, or one gate. */
export type GateForm =
  | { readonly tag: "constant"; readonly literal: Literal }
  | { readonly tag: "input"; readonly input: 0 | 1; readonly complement: boolean }
  | {
      readonly tag: "gate";
      readonly kind: GateKind;
      readonly complementA: boolean;
      readonly complementB: boolean;
      readonly complementOutput: boolean;
    };

const constant = (literal: Literal): GateForm => ({ tag: "constant", literal });
const input = (which: 0 | 1, complement: boolean): GateForm => ({ tag: "input", input: which, complement });
const gate = (kind: GateKind, a: boolean, b: boolean, output: boolean): GateForm => ({
  tag: "gate",
  kind,
  complementA: a,
  complementB: b,
  complementOutput: output,
});

/** `GATE_FORMS[f]` with its usual name beside it. */
export const GATE_FORMS: readonly { readonly name: string; readonly form: GateForm }[] = [
  { name: "false", form: constant(FALSE) },
  { name: "a & b", form: gate(GateKind.And, false, false, false) },
  { name: "a & ~b", form: gate(GateKind.And, false, true, false) },
  { name: "a", form: input(0, false) },
  { name: "~a & b", form: gate(GateKind.And, true, false, false) },
  { name: "b", form: input(1, false) },
  { name: "a ^ b", form: gate(GateKind.Xor, false, false, false) },
  { name: "a | b", form: gate(GateKind.And, true, true, true) },
  { name: "~(a | b)", form: gate(GateKind.And, true, true, false) },
  { name: "~(a ^ b)", form: gate(GateKind.Xor, false, false, true) },
  { name: "~b", form: input(1, true) },
  { name: "a | ~b", form: gate(GateKind.And, true, false, true) },
  { name: "~a", form: input(0, true) },
  { name: "~a | b", form: gate(GateKind.And, false, true, true) },
  { name: "~(a & b)", form: gate(GateKind.And, false, false, true) },
  { name: "true", form: constant(TRUE) },
];
