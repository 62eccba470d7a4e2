import { Random } from "../../base/random.js";
import { EditableNetlist } from "../ir/editable-netlist.js";
import { gateCount, type Netlist } from "../ir/netlist.js";
import {
  type Candidate,
  differencesOf,
  divisorsOf,
  gateCandidates,
  literalCandidates,
  targetOf,
} from "./dont-care/candidates.js";
import { NodeValues } from "./dont-care/node-values.js";
import { ObservabilityProof } from "./dont-care/observability-proof.js";
import { observability, type Window, windowAfter } from "./dont-care/window.js";
import type { Pass, PassContext } from "./pass.js";

/** Gates after a node that its window holds. */
const WINDOW = 60;
/** Gates that one proof defines. */
const PROOF_GATES = 600;
const DIVISORS = 100;
/** Pairs of divisors are tried among this many. */
const PAIRED_DIVISORS = 50;
/** Candidates of a node that are given to the solver. */
const TRIES = 6;
const CONFLICTS = 200;
/** Gates visited between two breaths. */
const BREATH = 500;
/** Rounds over all gates; a round that gains nothing is the last. */
const ROUNDS = 3;

interface Stats {
  constants: number;
  literals: number;
  gates: number;
  refuted: number;
  unknown: number;
  conflicts: number;
}

/**
 * Replace a gate by a constant, another node or a smaller gate where no output can tell: satisfiability and observability
 * don't-cares in a window (Mishchenko, Brayton, Jiang and Jang, ACM TRETS 2011). Simulation proposes, SAT proves;
 * `unknown` keeps the gate.
 */
export const dontCare: Pass = {
  name: "dont-care",
  summary: "replace gates where no output can tell (don't-cares proved by SAT)",
  preserves: "function",
  async run(design, context) {
    const stats: Stats = { constants: 0, literals: 0, gates: 0, refuted: 0, unknown: 0, conflicts: 0 };
    let core = design.core;
    for (let round = 0; round < ROUNDS; round++) {
      const smaller = await new Round(core, context, round, stats).run();
      if (gateCount(smaller) >= gateCount(core)) break;
      core = smaller;
    }
    return { design: { ...design, core }, stats: { ...stats } };
  },
};

/** One visit to every gate, those nearest the outputs first: what dies there need not be looked at. */
class Round {
  private readonly netlist: EditableNetlist;
  private readonly values: NodeValues;

  constructor(
    core: Netlist,
    private readonly context: PassContext,
    round: number,
    private readonly stats: Stats,
  ) {
    this.netlist = new EditableNetlist(core);
    const random = Random.forPurpose(context.seed, `dont-care ${round}`);
    this.values = new NodeValues(this.netlist, context.patterns, random);
  }

  /** Lets the event loop breathe, so that an interrupt is heard. */
  async run(): Promise<Netlist> {
    let breath = BREATH;
    for (const node of this.netlist.topological().reverse()) {
      if (!this.netlist.isAlive(node)) continue;
      this.visit(node);
      if (--breath > 0) continue;
      await new Promise<void>((resolve) => setImmediate(resolve));
      if (this.context.cancelled?.() === true) break;
      breath = BREATH;
    }
    return this.netlist.finish();
  }

  private visit(node: number): void {
    const { netlist, values } = this;
    const window = windowAfter(netlist, node, WINDOW);
    const cone = netlist.fanoutFreeCone(node);
    const divisors = divisorsOf(netlist, node, DIVISORS);
    const outside = cone.length < 2 ? [] : this.pairable(node, divisors, cone);
    const propose = (): Candidate | undefined => {
      const target = targetOf(values, node, observability(netlist, values, window));
      return literalCandidates(values, target, divisors)[0] ?? gateCandidates(values, target, outside)[0];
    };
    let candidate = propose();
    if (candidate === undefined) return;
    const solver = this.context.createSolver();
    const proof = new ObservabilityProof(solver, netlist, window, PROOF_GATES);
    for (let tries = 0; tries < TRIES && candidate !== undefined; tries++) {
      const answer = this.prove(proof, candidate, window);
      if (answer === "proved") this.apply(node, candidate, cone);
      candidate = answer === "refuted" ? propose() : undefined;
    }
    this.stats.conflicts += solver.statistics?.conflicts ?? 0;
    solver.close();
  }

  /** What a new gate may read: it must not be of a higher level than the node, nor need what dies with it. */
  private pairable(node: number, divisors: readonly number[], cone: readonly number[]): number[] {
    const { level } = this.netlist;
    return divisors.filter((d) => level[d]! < level[node]! && !cone.includes(d)).slice(0, PAIRED_DIVISORS);
  }

  private prove(
    proof: ObservabilityProof,
    candidate: Candidate,
    { node }: Window,
  ): "proved" | "refuted" | "unknown" {
    for (const condition of differencesOf(candidate, node)) {
      const observed = proof.observedWhile(condition, CONFLICTS);
      if (observed.tag === "unknown") {
        this.stats.unknown++;
        return "unknown";
      }
      if (observed.tag === "counterexample") {
        this.stats.refuted++;
        this.values.addCounterexample(observed.inputs, observed.support);
        return "refuted";
      }
    }
    return "proved";
  }

  private apply(node: number, candidate: Candidate, cone: readonly number[]): void {
    const { netlist, values } = this;
    const readers = [...netlist.fanouts[node]!];
    if (candidate.tag === "literal") {
      netlist.replace(node, candidate.literal);
      if (candidate.literal < 2) this.stats.constants++;
      else this.stats.literals++;
    } else {
      const gate = netlist.addGate(candidate.kind, candidate.a, candidate.b, netlist.originOf(cone));
      values.update(gate);
      netlist.replace(node, 2 * gate + (candidate.complement ? 1 : 0));
      this.stats.gates++;
    }
    values.updateFrom(readers);
  }
}
