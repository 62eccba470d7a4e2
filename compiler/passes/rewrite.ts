import { EditableNetlist } from "../ir/editable-netlist.js";
import type { GateKind } from "../ir/gate-functions.js";
import { gateCount, type Netlist, nodeCount } from "../ir/netlist.js";
import { CutSets } from "../map/cut-sets.js";
import type { Pass } from "./pass.js";
import { cutFunction } from "./rewrite/cut-function.js";
import { Formulas, normal, VARIABLES } from "./rewrite/formulas.js";

/** Cuts looked at of each gate. */
const CUTS = 12;
/** Rounds over all gates; a round that gains nothing is the last. */
const ROUNDS = 4;

/** Made when first needed: it takes about a fifth of a second. */
let formulas: Formulas | undefined;

/**
 * Replace the cone between a gate and a cut of up to four leaves by the smallest circuit known for its function, where that
 * saves gates (Mishchenko, Chatterjee and Brayton, "DAG-aware AIG rewriting", DAC 2006, here with XOR as a gate and one
 * table of all functions instead of classes). Depth never grows.
 */
export const rewrite: Pass = {
  name: "rewrite",
  summary: "replace small cones by smaller circuits of the same function",
  preserves: "function",
  run(design, { cancelled }) {
    let core = design.core;
    let replaced = 0;
    for (let round = 0; round < ROUNDS && cancelled?.() !== true; round++) {
      const next = rewriteOnce(core);
      if (gateCount(next.core) >= gateCount(core)) break;
      core = next.core;
      replaced += next.replaced;
    }
    return {
      design: { ...design, core },
      stats: { replaced, removed: gateCount(design.core) - gateCount(core) },
    };
  },
};

/** What to put in a node's place. */
interface Rewriting {
  readonly leaves: readonly number[];
  readonly f: number;
  /** Gates saved. */
  readonly gain: number;
}

function rewriteOnce(core: Netlist): { core: Netlist; replaced: number } {
  formulas ??= new Formulas();
  const cuts = new CutSets(core, VARIABLES.length, CUTS);
  cuts.enumerate(new Float64Array(nodeCount(core)).fill(1));
  const netlist = new EditableNetlist(core);
  let replaced = 0;
  for (const node of netlist.topological()) {
    if (!netlist.isAlive(node)) continue;
    const best = bestRewriting(netlist, cuts, formulas, node);
    if (best === null) continue;
    apply(netlist, formulas, node, best);
    replaced++;
  }
  return { core: netlist.finish(), replaced };
}

/** The cut whose function saves the most gates, or null if none saves any. */
function bestRewriting(
  netlist: EditableNetlist,
  cuts: CutSets,
  table: Formulas,
  node: number,
): Rewriting | null {
  let best: Rewriting | null = null;
  const begin = node * cuts.stride + 1;
  for (let slot = begin; slot < begin + cuts.count[node]!; slot++) {
    const leaves = Array.from(cuts.leaf.subarray(slot * cuts.k, slot * cuts.k + cuts.size[slot]!));
    // Earlier replacements may have changed what the cuts were enumerated on: some are none any more, and a leaf that died
    // is one that the function does not depend on.
    const f = cutFunction(netlist, node, leaves);
    if (f === null) continue;
    const gain = netlist.fanoutFreeCone(node, leaves).length - table.circuit(f).length;
    if (gain <= (best?.gain ?? 0) || levelOf(netlist, table, f, leaves) > netlist.level[node]!) continue;
    best = { leaves, f, gain };
  }
  return best;
}

/** The level that the circuit of a function has over the leaves. */
function levelOf(netlist: EditableNetlist, table: Formulas, f: number, leaves: readonly number[]): number {
  const g = normal(f);
  if (g === 0) return 0;
  if (table.gates[g] === 0) return netlist.level[leaves[VARIABLES.indexOf(g as never)]!]!;
  return (
    1 +
    Math.max(
      levelOf(netlist, table, table.left[g]!, leaves),
      levelOf(netlist, table, table.right[g]!, leaves),
    )
  );
}

function apply(netlist: EditableNetlist, table: Formulas, node: number, { leaves, f }: Rewriting): void {
  const origin = netlist.originOf(netlist.fanoutFreeCone(node, leaves));
  const made = new Map<number, number>([[0, 0]]);
  leaves.forEach((leaf, v) => {
    made.set(VARIABLES[v]!, 2 * leaf);
  });
  const literal = (g: number): number => made.get(normal(g))! ^ (g & 1);
  for (const g of table.circuit(f)) {
    const gate = netlist.addGate(
      table.kind[g]! as GateKind,
      literal(table.left[g]!),
      literal(table.right[g]!),
      origin,
    );
    made.set(g, 2 * gate + table.complement[g]!);
  }
  netlist.replace(node, literal(f));
}
