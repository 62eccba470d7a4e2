import { invariant } from "../../../base/errors.js";
import { Random } from "../../../base/random.js";
import type { SolverFactory } from "../../../sat/solver.js";
import { type Netlist, nodeCount } from "../../ir/netlist.js";
import { evaluateNodes } from "../../simulate/bit-parallel.js";
import type { CandidateClasses } from "./classes.js";
import { ConeSolver } from "./cone-solver.js";
import { gatesByNode, SweepGraph } from "./graph.js";
import { candidateClasses } from "./signatures.js";
import type { SweepStatistics } from "./statistics.js";
import { WindowCheck } from "./window.js";

/** Leaves of the windows that are simulated exhaustively: first few, then more. */
const WINDOW_LEAVES = [6, 12];
/** Conflicts that a candidate may cost at most: one that costs more is better asked again when others are merged. */
const MOST_CONFLICTS = 1000;
/** Candidates between two breaths. */
const BREATH = 256;

export interface SweepOptions {
  readonly createSolver: SolverFactory;
  readonly seed: number;
  /** Patterns to simulate besides random ones, shape `[inputs][words]`. */
  readonly patterns?: readonly Uint32Array[];
  /** For one candidate; 1,000 when absent or more. */
  readonly conflictBudget?: number;
  /** Ends the sweep early, with what is proved by then. */
  readonly cancelled?: () => boolean;
  /** The solver is not asked about cones of more nodes; no bound when absent. */
  readonly mostCone?: number;
  /** Whether windows are simulated exhaustively before the solver is asked; they are unless this is false. */
  readonly windows?: boolean;
  /**
   * Prove every merge, structural ones too, in one solver over the gates as they stand in the netlist (node `n` is
   * variable `n + 1`), so that the clauses that it derives are a proof.
   */
  readonly certify?: boolean;
  /** Told now and then how many of all nodes were visited. */
  readonly onVisited?: (done: number, total: number) => void;
}

/**
 * SAT sweeping ("fraiging": Mishchenko et al., "FRAIGs: a unifying representation for logic synthesis and
 * verification", 2005): finds nodes that are equal or complementary to earlier ones, or constant, and proves it.
 *
 * Signatures make candidate classes; in topological order every candidate is compared with the leader of its class, by
 * exhaustive simulation of a window, else by the solver, whose counterexamples, and their neighbours, split the classes
 * at once. What stays unknown within the budget is not merged with the leader; later members are compared with it as well,
 * by windows.
 */
export class Sweep {
  readonly graph: SweepGraph;
  readonly solver: ConeSolver;
  readonly statistics: SweepStatistics = {
    candidates: 0,
    proved: 0,
    refuted: 0,
    unknown: 0,
    bySimulation: 0,
    bySat: 0,
    structural: 0,
    conflicts: 0,
  };
  private readonly classes: CandidateClasses;
  private readonly window: WindowCheck;
  private readonly values: Uint32Array;
  private readonly random: Random;

  constructor(
    readonly netlist: Netlist,
    private readonly options: SweepOptions,
    /** Hears the values of all nodes in 32 patterns that told a candidate apart; `true` ends the sweep. */
    private readonly onPatterns: (values: Uint32Array) => boolean = () => false,
  ) {
    this.graph = new SweepGraph(netlist);
    this.classes = candidateClasses(netlist, options.seed, options.patterns);
    this.window = new WindowCheck(this.graph);
    this.solver = new ConeSolver(this.graph, {
      create: options.createSolver,
      cancelled: options.cancelled,
      ...(options.certify === true ? { lasting: gatesByNode(netlist) } : {}),
    });
    this.values = new Uint32Array(nodeCount(netlist));
    this.random = Random.forPurpose(options.seed, "sweep neighbours");
  }

  /** Visit every gate. Lets the event loop breathe, so that an interrupt is heard. */
  async run(): Promise<void> {
    const { graph, classes, statistics } = this;
    let breath = BREATH;
    let over = false;
    for (let node = 1; node < graph.literal.length; node++) {
      const stays = node < graph.first || this.visit(node);
      if (!stays) statistics.structural++;
      // The rest is only hashed then: whoever goes on with the graph finds every node visited.
      if (classes.leaderOf(node) < 0 || over) continue;
      if (!stays) {
        classes.settle(node);
        continue;
      }
      while (!over && classes.leaderOf(node) >= 0)
        over = this.compare(node, classes.leaderOf(node)) || this.options.cancelled?.() === true;
      if (--breath > 0) continue;
      this.options.onVisited?.(node, graph.literal.length);
      await new Promise<void>((resolve) => setImmediate(resolve));
      breath = BREATH;
    }
    statistics.conflicts = this.solver.conflicts;
  }

  /** Visit a gate; a merge that is plain by structure is proved all the same when there is to be a proof of it. */
  private visit(node: number): boolean {
    const { graph, solver } = this;
    if (graph.visit(node)) return true;
    if (this.options.certify !== true) return false;
    const merged = graph.literal[node]!;
    graph.literal[node] = 2 * node;
    const { tag } = solver.differ(2 * node, merged, undefined);
    invariant(tag !== "satisfiable", `nodes ${node} and ${merged >>> 1} are hashed together but differ`);
    if (tag === "unknown") return true;
    graph.literal[node] = merged;
    solver.merge(2 * node, merged);
    return false;
  }

  /**
   * Compare a candidate with its leader, and those that may be the leader: settle it, or tell it apart from one of them.
   *
   * @returns whether the sweep is over.
   */
  private compare(node: number, leader: number): boolean {
    const { classes, statistics } = this;
    statistics.candidates++;
    const others = classes.undecidedBefore(node);
    for (const other of [leader, ...others]) {
      const result = this.simulateWindows(2 * node, this.literalLike(node, other));
      if (result === "undecided") continue;
      statistics.bySimulation++;
      return this.settle(node, other, result);
    }
    const answer = this.ask(2 * node, this.literalLike(node, leader));
    if (answer !== "unknown") {
      statistics.bySat++;
      return this.settle(node, leader, answer);
    }
    statistics.unknown++;
    classes.leaveUndecided(node);
    return false;
  }

  /** The literal that a node is if it is equal to another of its class. */
  private literalLike(node: number, other: number): number {
    const { phase } = this.classes;
    return this.graph.literal[other]! ^ phase[node]! ^ phase[other]!;
  }

  private settle(node: number, other: number, result: "equal" | Counterexample): boolean {
    const { graph, classes, statistics } = this;
    if (result === "equal") {
      graph.literal[node] = this.literalLike(node, other);
      statistics.proved++;
      classes.settle(node);
      return false;
    }
    statistics.refuted++;
    const over = this.learn(result);
    const together = classes.leaderOf(node) === other || classes.undecidedBefore(node).includes(other);
    invariant(!together, `a counterexample does not tell nodes ${other} and ${node} apart`);
    return over;
  }

  private simulateWindows(a: number, b: number): "equal" | "undecided" | Counterexample {
    if (this.options.windows === false || this.options.certify === true) return "undecided";
    for (const leaves of WINDOW_LEAVES) {
      const result = this.window.compare(a, b, leaves);
      if (result.tag !== "undecided") return result.tag === "equal" ? "equal" : result;
    }
    return "undecided";
  }

  private ask(a: number, b: number): "equal" | "unknown" | Counterexample {
    const { mostCone } = this.options;
    if (mostCone !== undefined && this.solver.isLarge(a, b, mostCone)) return "unknown";
    const budget = Math.min(this.options.conflictBudget ?? MOST_CONFLICTS, MOST_CONFLICTS);
    const answer = this.solver.differ(a, b, budget);
    if (answer.tag === "unknown") return "unknown";
    if (answer.tag === "satisfiable") return this.solver.inputs();
    this.solver.merge(a, b);
    return "equal";
  }

  /** Simulate a counterexample and 31 neighbours, each with one input of the cone turned over, and split the classes. */
  private learn({ leaves, ones }: Counterexample): boolean {
    const { values, random } = this;
    for (let i = 1; i < this.graph.first; i++) values[i] = random.uint32();
    for (const leaf of leaves) values[leaf] = 0;
    for (const leaf of ones) values[leaf] = 0xffff_ffff;
    const turned = leaves.length > 31 ? random.shuffle([...leaves]).slice(0, 31) : leaves;
    turned.forEach((leaf, k) => {
      values[leaf]! ^= 2 << k;
    });
    evaluateNodes(this.netlist, values, 1);
    this.classes.refine(values);
    return this.onPatterns(values);
  }
}

interface Counterexample {
  /** Primary inputs (node numbers) that matter. */
  readonly leaves: readonly number[];
  /** Those of them that are 1. */
  readonly ones: readonly number[];
}
