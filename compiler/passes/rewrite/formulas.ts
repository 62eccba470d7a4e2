import { GateKind } from "../../ir/gate-functions.js";

/** Functions of four variables are 16-bit truth tables: bit `p` is the output for pattern `p`, bit `i` of `p` variable `i`. */
export const VARIABLES = [0xaaaa, 0xcccc, 0xf0f0, 0xff00] as const;
const FUNCTIONS = 0x1_0000;
const ALL = 0xffff;
/** Every function has a formula of so many gates. */
const MOST_GATES = 7;
const UNKNOWN = 0xff;

/**
 * A smallest formula over AND, XOR and complement for every function of four variables, found by combining the functions
 * of fewer gates in every way (Knuth, "The Art of Computer Programming" 4A, 7.1.2, algorithm L). A circuit with shared
 * subformulas could do with a gate less for about one function in a hundred.
 *
 * Only normal functions, 0 on pattern 0, are listed; others are their complements.
 */
export class Formulas {
  /** Shape `[65536]`: gates of the formula; 255 for functions that are not normal. */
  readonly gates = new Uint8Array(FUNCTIONS).fill(UNKNOWN);
  /** Shape `[65536]`: a function is `kind(left, right)`, turned over where `complement` is 1. */
  readonly kind = new Uint8Array(FUNCTIONS);
  readonly left = new Uint16Array(FUNCTIONS);
  readonly right = new Uint16Array(FUNCTIONS);
  readonly complement = new Uint8Array(FUNCTIONS);

  constructor() {
    const byGates: number[][] = [[0, ...VARIABLES]];
    for (const f of byGates[0]!) this.gates[f] = 0;
    for (let cost = 1; cost <= MOST_GATES; cost++) {
      const found: number[] = [];
      byGates.push(found);
      for (let i = 0; 2 * i <= cost - 1; i++) this.combine(byGates[i]!, byGates[cost - 1 - i]!, cost, found);
    }
  }

  private combine(lefts: readonly number[], rights: readonly number[], cost: number, found: number[]): void {
    for (const f of lefts) {
      for (const g of rights) {
        this.record(f & g, cost, GateKind.And, f, g, 0, found);
        this.record(f & ~g, cost, GateKind.And, f, ~g & ALL, 0, found);
        this.record(~f & g, cost, GateKind.And, ~f & ALL, g, 0, found);
        this.record(f | g, cost, GateKind.And, ~f & ALL, ~g & ALL, 1, found);
        this.record(f ^ g, cost, GateKind.Xor, f, g, 0, found);
      }
    }
  }

  private record(
    f: number,
    cost: number,
    kind: GateKind,
    left: number,
    right: number,
    complement: 0 | 1,
    found: number[],
  ): void {
    if (this.gates[f] !== UNKNOWN) return;
    this.gates[f] = cost;
    this.kind[f] = kind;
    this.left[f] = left;
    this.right[f] = right;
    this.complement[f] = complement;
    found.push(f);
  }

  /**
   * The gates of a function's circuit as normal functions, operands before those that read them; each once. Variables and
   * constants are no gates.
   */
  circuit(f: number): number[] {
    const gates: number[] = [];
    const add = (g: number): void => {
      if (this.gates[g] === 0 || gates.includes(g)) return;
      add(normal(this.left[g]!));
      add(normal(this.right[g]!));
      gates.push(g);
    };
    add(normal(f));
    return gates;
  }
}

/** The function or its complement, whichever is 0 on pattern 0. */
export const normal = (f: number): number => ((f & 1) === 1 ? ~f & ALL : f);
