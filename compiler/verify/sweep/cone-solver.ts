import { defineAnd, defineXor } from "../../../sat/definitions.js";
import type { SatAnswer, Solver, SolverFactory } from "../../../sat/solver.js";
import type { GateArrays, SweepGraph } from "./graph.js";

/** Gates after which a fresh solver starts, or this many cones of the last size: old ones slow propagation down. */
const MOST_VARIABLES = 5000;
const MOST_CONES = 4;

export interface ConeSolverOptions {
  readonly create: SolverFactory;
  readonly cancelled: (() => boolean) | undefined;
  /**
   * Gates to define, node `n` as variable `n + 1`, in one solver that is never replaced: for a proof over the netlist
   * as it stands. Absent: the graph's own, over merged fanins, in solvers that are replaced when they get slow.
   */
  readonly lasting?: GateArrays;
}

/** Asks a solver about cones of a graph, whose gates it adds when a question first needs them. */
export class ConeSolver {
  private solver: Solver | null = null;
  /** Shape `[nodes]`: the node's variable in the present solver, 0 for none. */
  private readonly variable: Int32Array;
  private readonly loaded: number[] = [];
  /** Shape `[nodes]`: the number of the last question whose cone had the node. */
  private readonly visited: Int32Array;
  private question = 0;
  private cone: number[] = [];
  private pastConflicts = 0;

  private readonly gates: GateArrays;

  constructor(
    private readonly graph: SweepGraph,
    private readonly options: ConeSolverOptions,
  ) {
    this.gates = options.lasting ?? graph;
    this.variable = new Int32Array(graph.literal.length);
    this.visited = new Int32Array(graph.literal.length);
    if (options.lasting === undefined) return;
    this.solver = options.create();
    for (let node = 0; node < graph.literal.length; node++) this.addVariable(this.solver, node);
  }

  /** Conflicts of all solvers so far, null if they don't count. */
  get conflicts(): number | null {
    const now = this.solver === null ? 0 : this.solver.statistics?.conflicts;
    return now === undefined ? null : this.pastConflicts + now;
  }

  /**
   * Can two literals differ? `satisfiable` means that they do for the inputs of which `inputs` tells.
   *
   * @param conflictBudget for both directions together.
   */
  differ(a: number, b: number, conflictBudget: number | undefined): SatAnswer {
    const solver = this.load(a, b);
    const decisions = this.cone.map((node) => Math.abs(this.variable[node]!));
    const before = this.conflicts;
    const [x, y] = [this.literal(a), this.literal(b)];
    let answer: SatAnswer = { tag: "unsatisfiable" };
    for (const assumptions of [
      [x, -y],
      [-x, y],
    ]) {
      const spent = (this.conflicts ?? 0) - (before ?? 0);
      answer = solver.solve({
        assumptions,
        decisions,
        ...(conflictBudget === undefined ? {} : { conflictBudget: conflictBudget - spent }),
        ...(this.options.cancelled === undefined ? {} : { cancelled: this.options.cancelled }),
      });
      if (answer.tag !== "unsatisfiable") return answer;
    }
    return answer;
  }

  /** Whether more than so many nodes lie below two literals. */
  isLarge(a: number, b: number, most: number): boolean {
    return this.collect(a, b, most) > most;
  }

  /** After `satisfiable`: the primary inputs of the cone (node numbers) and which of them are 1. */
  inputs(): { leaves: number[]; ones: number[] } {
    const leaves = this.cone.filter((node) => node > 0 && node < this.graph.first);
    return { leaves, ones: leaves.filter((node) => this.solver!.value(Math.abs(this.variable[node]!))) };
  }

  /** Two literals are equal: say so to the solver, for questions about gates that it knew before. */
  merge(a: number, b: number): void {
    if (this.solver === null || this.variable[a >>> 1] === 0 || this.variable[b >>> 1] === 0) return;
    const [x, y] = [this.literal(a), this.literal(b)];
    this.solver.addClause([-x, y]);
    this.solver.addClause([x, -y]);
  }

  private literal(literal: number): number {
    const v = Math.abs(this.variable[literal >>> 1]!);
    return (literal & 1) === 1 ? -v : v;
  }

  /** Define of the cone of both literals what the solver doesn't know yet. */
  private load(a: number, b: number): Solver {
    const many = this.loaded.length > Math.max(MOST_VARIABLES, MOST_CONES * this.cone.length);
    if (many && this.options.lasting === undefined) this.close();
    this.solver ??= this.options.create();
    this.collect(a, b, Number.POSITIVE_INFINITY);
    for (const node of this.cone) this.addVariable(this.solver, node);
    for (const node of this.cone) this.define(this.solver, node);
    return this.solver;
  }

  /** Collect the cone of both literals, or a part of it past so many nodes. @returns its size. */
  private collect(a: number, b: number, most: number): number {
    this.question++;
    this.cone = [];
    const stack = [a >>> 1, b >>> 1];
    for (let node = stack.pop(); node !== undefined && this.cone.length <= most; node = stack.pop()) {
      if (this.visited[node] === this.question) continue;
      this.visited[node] = this.question;
      this.cone.push(node);
      // A merged node is tied to what it was merged into: its own gate says nothing more.
      const merged = this.graph.literal[node]! >>> 1;
      if (merged !== node) stack.push(merged);
      else if (node >= this.graph.first)
        stack.push(this.gates.fanin0[node]! >>> 1, this.gates.fanin1[node]! >>> 1);
    }
    return this.cone.length;
  }

  private addVariable(solver: Solver, node: number): void {
    if (this.variable[node] !== 0) return;
    this.variable[node] = -solver.addVariable();
    this.loaded.push(node);
  }

  /** A node whose variable is new has it negative until it is defined. */
  private define(solver: Solver, node: number): void {
    if (this.variable[node]! > 0) return;
    const { gates, variable } = this;
    if (this.graph.literal[node]! >>> 1 !== node) return;
    variable[node] = -variable[node]!;
    if (node === 0) solver.addClause([-variable[node]!]);
    if (node < this.graph.first) return;
    const define = gates.isXor[node] === 1 ? defineXor : defineAnd;
    define(solver, variable[node]!, this.literal(gates.fanin0[node]!), this.literal(gates.fanin1[node]!));
  }

  close(): void {
    if (this.solver === null) return;
    this.pastConflicts += this.solver.statistics?.conflicts ?? 0;
    for (const node of this.loaded) this.variable[node] = 0;
    this.loaded.length = 0;
    this.solver.close();
    this.solver = null;
  }
}
