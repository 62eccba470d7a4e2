import { invariant } from "../../base/errors.js";
import { GATE_FORMS, GateKind } from "./gate-functions.js";
import { FALSE, type Literal, literalOf, not, notIf, TRUE } from "./literal.js";
import type { Netlist } from "./netlist.js";

/** What a builder may simplify while it builds. */
export interface BuilderOptions {
  /** Fold constants, equal and complementary fanins. */
  readonly fold: boolean;
  /** Return the gate that exists when kind and fanins agree (structural hashing); needs `fold`. */
  readonly hash: boolean;
}

/** Builds exactly what it is told. */
export const LITERAL: BuilderOptions = { fold: false, hash: false };
/** Folds constants only. */
export const FOLDING: BuilderOptions = { fold: true, hash: false };
/** Folds and hashes. */
export const HASHING: BuilderOptions = { fold: true, hash: true };

/**
 * Makes netlists. Gates are numbered as they are added, so fanins always exist before their gate.
 *
 * With `hash`, fanins are ordered and XOR complements are moved to the output, so that equal structure is
 * found whatever the order and signs it is asked for in.
 */
export class NetlistBuilder {
  private readonly kinds: number[] = [];
  private readonly fanins0: number[] = [];
  private readonly fanins1: number[] = [];
  private readonly origins: number[][] = [];
  private readonly table = new Map<number, number>();

  constructor(
    readonly inputs: number,
    private readonly options: BuilderOptions,
  ) {}

  /** Literal of primary input `i`. */
  input(i: number): Literal {
    invariant(i >= 0 && i < this.inputs, `input ${i} of ${this.inputs}`);
    return literalOf(1 + i);
  }

  /** Gates so far. */
  get gates(): number {
    return this.kinds.length;
  }

  and(a: Literal, b: Literal, origin: ArrayLike<number> = []): Literal {
    if (this.options.fold) {
      if (a === FALSE || b === FALSE || a === not(b)) return FALSE;
      if (a === TRUE || a === b) return b;
      if (b === TRUE) return a;
    }
    return this.add(GateKind.And, a, b, origin);
  }

  xor(a: Literal, b: Literal, origin: ArrayLike<number> = []): Literal {
    if (this.options.fold) {
      if (a >>> 1 === b >>> 1) return a === b ? FALSE : TRUE;
      if (a >>> 1 === 0) return notIf(b, a === TRUE);
      if (b >>> 1 === 0) return notIf(a, b === TRUE);
    }
    if (!this.options.hash) return this.add(GateKind.Xor, a, b, origin);
    const complement = ((a ^ b) & 1) === 1;
    return notIf(this.add(GateKind.Xor, (a & ~1) as Literal, (b & ~1) as Literal, origin), complement);
  }

  or(a: Literal, b: Literal): Literal {
    return not(this.and(not(a), not(b)));
  }

  /** `select ? whenTrue : whenFalse`. */
  mux(select: Literal, whenTrue: Literal, whenFalse: Literal): Literal {
    return this.or(this.and(select, whenTrue), this.and(not(select), whenFalse));
  }

  gate(kind: GateKind, a: Literal, b: Literal, origin: ArrayLike<number> = []): Literal {
    return kind === GateKind.And ? this.and(a, b, origin) : this.xor(a, b, origin);
  }

  /** One of the sixteen functions of two inputs (`GATE_FORMS`): a constant, a literal or a gate. */
  ofFunction(f: number, a: Literal, b: Literal, origin: ArrayLike<number> = []): Literal {
    const { form } = GATE_FORMS[f]!;
    switch (form.tag) {
      case "constant":
        return form.literal;
      case "input":
        return notIf(form.input === 0 ? a : b, form.complement);
      case "gate": {
        const gate = this.gate(form.kind, notIf(a, form.complementA), notIf(b, form.complementB), origin);
        return notIf(gate, form.complementOutput);
      }
    }
  }

  private add(kind: GateKind, a: Literal, b: Literal, origin: ArrayLike<number>): Literal {
    let [low, high]: [number, number] = [a, b];
    if (this.options.hash) {
      if (low > high) [low, high] = [high, low];
      // Exact in a double while literals stay below 2^26, that is up to 33 million nodes.
      invariant(high < 0x400_0000, "more than 33 million nodes");
      const key = (low * 0x400_0000 + high) * 2 + kind;
      const found = this.table.get(key);
      if (found !== undefined) {
        this.mergeOrigin(found, origin);
        return literalOf(1 + this.inputs + found);
      }
      this.table.set(key, this.kinds.length);
    }
    const g = this.kinds.length;
    const node = 1 + this.inputs + g;
    invariant(low >>> 1 < node && high >>> 1 < node, `gate ${g} reads a node that does not exist yet`);
    this.kinds.push(kind);
    this.fanins0.push(low);
    this.fanins1.push(high);
    this.origins.push(Array.from(origin));
    return literalOf(node);
  }

  private mergeOrigin(g: number, origin: ArrayLike<number>): void {
    if (origin.length === 0) return;
    this.origins[g] = [...new Set([...this.origins[g]!, ...Array.from(origin)])].sort((x, y) => x - y);
  }

  finish(outputs: ArrayLike<Literal>): Netlist {
    const start = new Uint32Array(this.kinds.length + 1);
    for (let g = 0; g < this.origins.length; g++) start[g + 1] = start[g]! + this.origins[g]!.length;
    return {
      inputs: this.inputs,
      kind: Uint8Array.from(this.kinds),
      fanin0: Uint32Array.from(this.fanins0),
      fanin1: Uint32Array.from(this.fanins1),
      outputs: Uint32Array.from(outputs),
      origin: { start, index: Uint32Array.from(this.origins.flat()) },
    };
  }
}
