import { defineAnd, defineXor } from "../../../sat/definitions.js";
import type { Solver } from "../../../sat/solver.js";
import type { EditableNetlist } from "../../ir/editable-netlist.js";
import { GateKind } from "../../ir/gate-functions.js";
import type { Window } from "./window.js";

export type Observed =
  | { readonly tag: "never" }
  /** One value an input; inputs that do not matter are 0. */
  | { readonly tag: "counterexample"; readonly inputs: Uint8Array; readonly support: readonly number[] }
  | { readonly tag: "unknown" };

/**
 * Proves that no output sees a node's value under conditions on other nodes.
 *
 * The window after the node stands in the formula twice, once with the node turned over, and a root must differ
 * (Mishchenko, Brayton, Jiang and Jang, "Scalable don't-care-based logic optimization and resynthesis", ACM TRETS 2011).
 * Gates before it are defined as far as the limit goes; behind that, nodes are free, which may only make a proof fail.
 */
export class ObservabilityProof {
  private readonly variables = new Map<number, number>();
  private readonly open: number[] = [];
  private defined = 0;
  private complete = true;

  /** @param solver without clauses; the caller closes it. */
  constructor(
    private readonly solver: Solver,
    private readonly netlist: EditableNetlist,
    window: Window,
    private readonly gateLimit: number,
  ) {
    const turned = new Map([[window.node, -this.variable(window.node)]]);
    for (const node of window.after) {
      const read = (literal: number): number => {
        const v = turned.get(literal >>> 1) ?? this.variable(literal >>> 1);
        return (literal & 1) === 1 ? -v : v;
      };
      const out = this.solver.addVariable();
      this.define(node, out, read);
      turned.set(node, out);
    }
    const differences = window.roots.map((root) => {
      const difference = this.solver.addVariable();
      defineXor(this.solver, difference, this.variable(root), turned.get(root)!);
      return difference;
    });
    this.solver.addClause(differences);
  }

  /** Can an output see the node while all the literals are 1? */
  observedWhile(literals: readonly number[], conflictBudget: number): Observed {
    const assumptions = literals.map((literal) => this.literal(literal));
    this.defineOpen();
    const answer = this.solver.solve({ assumptions, conflictBudget });
    if (answer.tag === "unsatisfiable") return { tag: "never" };
    if (answer.tag === "unknown" || !this.complete) return { tag: "unknown" };
    const inputs = new Uint8Array(this.netlist.inputs);
    const support: number[] = [];
    for (const [node, v] of this.variables) {
      if (node === 0 || this.netlist.isGate(node)) continue;
      support.push(node - 1);
      if (this.solver.value(v)) inputs[node - 1] = 1;
    }
    return { tag: "counterexample", inputs, support };
  }

  private literal = (literal: number): number => {
    const v = this.variable(literal >>> 1);
    return (literal & 1) === 1 ? -v : v;
  };

  private variable(node: number): number {
    const known = this.variables.get(node);
    if (known !== undefined) return known;
    const v = this.solver.addVariable();
    this.variables.set(node, v);
    if (node === 0) this.solver.addClause([-v]);
    else if (this.netlist.isGate(node)) this.open.push(node);
    return v;
  }

  /** Define the gates that were named, breadth first, until the limit. */
  private defineOpen(): void {
    for (let i = 0; i < this.open.length; i++) {
      if (this.defined === this.gateLimit) {
        this.complete = false;
        return;
      }
      const node = this.open[i]!;
      this.define(node, this.variable(node), this.literal);
      this.defined++;
    }
    this.open.length = 0;
  }

  private define(node: number, out: number, read: (literal: number) => number): void {
    const [a, b] = [read(this.netlist.fanin0[node]!), read(this.netlist.fanin1[node]!)];
    (this.netlist.kind[node] === GateKind.And ? defineAnd : defineXor)(this.solver, out, a, b);
  }
}
