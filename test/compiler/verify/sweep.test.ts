import { expect, test } from "vitest";
import { FALSE, type Literal, not } from "../../../compiler/ir/literal.js";
import { type Netlist, originOf, validateNetlist } from "../../../compiler/ir/netlist.js";
import { LITERAL, NetlistBuilder } from "../../../compiler/ir/netlist-builder.js";
import { checkEquivalent } from "../../../compiler/verify/equivalence.js";
import { CandidateClasses } from "../../../compiler/verify/sweep/classes.js";
import { ConeSolver } from "../../../compiler/verify/sweep/cone-solver.js";
import { SweepGraph } from "../../../compiler/verify/sweep/graph.js";
import { Sweep, type SweepOptions } from "../../../compiler/verify/sweep/sweep.js";
import { sweptNetlist } from "../../../compiler/verify/sweep/swept.js";
import { WindowCheck } from "../../../compiler/verify/sweep/window.js";
import { createCdclSolver } from "../../../sat/cdcl/solver.js";
import { arrayMultiplier, wallaceMultiplier } from "../../support/circuits.js";
import { randomDesign, seeds } from "../../support/random-design.js";

async function sweep(
  netlist: Netlist,
  options: Partial<SweepOptions> = {},
): Promise<{ sweep: Sweep; swept: Netlist }> {
  const run = new Sweep(netlist, { createSolver: createCdclSolver, seed: 1, ...options });
  await run.run();
  return { sweep: run, swept: sweptNetlist(run.graph) };
}

/** Gates 0 to 4: x∧y; x∧¬(x∧¬y), the same; ¬x∨¬y, its complement; x∧¬x∧y over a hidden form, 0. */
function redundant(): Netlist {
  const b = new NetlistBuilder(2, LITERAL);
  const [x, y] = [b.input(0), b.input(1)];
  const plain = b.and(x, y, [10]);
  const inner = b.and(x, not(y), [11]);
  const same = b.and(x, not(inner), [12]);
  const complement = b.xor(x, inner, [13]);
  const never = b.and(plain, inner, [14]);
  return b.finish([plain, same, not(complement), never, b.and(same, not(never), [15])]);
}

test.each([true, false])(
  "equal, complementary and constant gates are merged (windows %s)",
  async (windows) => {
    const { swept, sweep: run } = await sweep(redundant(), { windows });
    validateNetlist(swept);
    expect(swept.kind.length).toBe(1);
    const one = 2 * 3;
    expect([...swept.outputs]).toEqual([one, one, one ^ 1, FALSE, one]);
    expect([...originOf(swept, 0)]).toEqual([10, 12, 13, 15]);
    const { candidates, proved, refuted, unknown, bySimulation, bySat } = run.statistics;
    expect([candidates, unknown]).toEqual([proved + refuted + unknown, 0]);
    expect(windows ? bySat : bySimulation).toBe(0);
    expect(bySimulation + bySat).toBe(candidates);
  },
);

test("the solver is asked in both directions", () => {
  const b = new NetlistBuilder(2, LITERAL);
  const both = b.and(b.input(0), b.input(1));
  const graph = new SweepGraph(b.finish([both]));
  graph.visit(both >>> 1);
  const solver = new ConeSolver(graph, { create: createCdclSolver, cancelled: undefined });
  const differ = (x: number, y: number): string => solver.differ(x, y, undefined).tag;
  // Each implies the other's neighbour in one direction only.
  expect(differ(both, b.input(0))).toBe("satisfiable");
  expect(solver.inputs()).toEqual({ leaves: expect.any(Array), ones: [1] });
  expect(differ(b.input(0), both)).toBe("satisfiable");
  expect([differ(both, FALSE), differ(both, not(FALSE)), differ(both, both)]).toEqual([
    "satisfiable",
    "satisfiable",
    "unsatisfiable",
  ]);
});

test("a window is only as good as its cut: what differs over gates is undecided, over inputs different", () => {
  const b = new NetlistBuilder(14, LITERAL);
  const all = Array.from({ length: 14 }, (_, i) => b.input(i)).reduce((x, y) => b.and(x, y));
  const [left, right] = [b.xor(all, b.input(0)), b.and(not(all), b.input(0))];
  const other = b.or(all, b.input(1));
  const netlist = b.finish([left, right, other]);
  const graph = new SweepGraph(netlist);
  for (let n = graph.first; n < graph.literal.length; n++) graph.visit(n);
  const window = new WindowCheck(graph);
  // all implies input 0, which a cut above the inputs doesn't know.
  expect(window.compare(left, right, 6).tag).toBe("undecided");
  expect(window.compare(left, other, 12).tag).toBe("undecided");
  const gate = (2 * graph.first) as Literal;
  expect(window.compare(gate, b.input(0), 6)).toEqual({ tag: "different", leaves: [1, 2], ones: [1] });
});

/** Gates of fourteen inputs each, so that no window reaches below them. */
const deep = (b: NetlistBuilder, ...which: number[]): Literal[] =>
  which.map((g) => Array.from({ length: 14 }, (_, i) => b.input(14 * g + i)).reduce((x, y) => b.xor(x, y)));

test("a window ends at what both sides read, whatever the order of the nodes", () => {
  const b = new NetlistBuilder(42, LITERAL);
  const [u, v] = deep(b, 0, 1) as [Literal, Literal];
  const both = b.and(u, v);
  const [w] = deep(b, 2) as [Literal];
  // Gates of the cone come before its leaf `w`.
  const left = b.xor(both, w);
  const right = b.xor(w, b.and(u, not(b.and(u, not(v)))));
  // Reads `u` beside a gate that both read, and that lies above it.
  const beside = b.xor(b.and(both, u), w);
  const graph = new SweepGraph(b.finish([left, right, beside]));
  for (let n = graph.first; n < graph.literal.length; n++) graph.visit(n);
  const window = new WindowCheck(graph);
  expect(window.compare(left, right, 6).tag).toBe("equal");
  expect(window.compare(beside, left, 6).tag).toBe("equal");
  expect(window.compare(left, not(right), 6).tag).toBe("undecided");
});

test("what stays undecided against its leader is still merged with others of its class", async () => {
  const b = new NetlistBuilder(32, LITERAL);
  // Never 1 on random patterns, and behind a cone that the solver is not asked about.
  const rare = Array.from({ length: 30 }, (_, i) => b.input(i)).reduce((x, y) => b.and(x, y));
  const [p, q] = [b.input(30), b.input(31)];
  const first = b.and(rare, b.xor(p, q));
  const second = b.and(rare, b.or(p, q));
  const copy = b.and(b.and(rare, not(b.and(p, q))), not(b.and(not(p), not(q))));
  const { sweep: run } = await sweep(b.finish([first, second, copy]), { mostCone: 10 });
  expect(run.graph.at(copy)).toBe(first);
  expect(run.graph.at(second)).toBe(second);
});

test("undecided members of a class stay with those that agree with them when patterns split it", () => {
  const same = [new Int32Array(8), new Int32Array(8)] as const;
  const classes = new CandidateClasses(8, same, new Uint8Array(8));
  for (const node of [1, 2, 3]) classes.leaveUndecided(node);
  expect([classes.leaderOf(4), classes.undecidedBefore(4)]).toEqual([0, [1, 2, 3]]);
  // By value: 0 2 5 | 1 3 4 | 6 7
  classes.refine(Uint32Array.of(0, 1, 0, 1, 1, 0, 2, 2));
  const found = [4, 5, 7].map((node) => [classes.leaderOf(node), classes.undecidedBefore(node)]);
  expect(found).toEqual([
    [1, [3]],
    [0, [2]],
    [6, []],
  ]);
  // Undecided ones alone differ.
  classes.refine(Uint32Array.of(0, 0, 1, 0, 0, 0, 0, 0));
  expect([classes.leaderOf(5), classes.undecidedBefore(5)]).toEqual([0, []]);
});

test.each(seeds(20))("by the solver alone as by windows: the same gates are left (seed %i)", async (seed) => {
  const { core } = randomDesign(seed, { inputs: 8, gates: 150, outputs: 8 });
  const [fast, slow] = [await sweep(core), await sweep(core, { windows: false })];
  expect(slow.swept.kind.length).toBe(fast.swept.kind.length);
  const options = { createSolver: createCdclSolver, seed };
  for (const { swept } of [fast, slow])
    expect((await checkEquivalent(core, swept, options)).tag).toBe("proved");
  expect((await sweep(core)).swept).toEqual(fast.swept);
});

test("what stays unknown is kept, and a cancelled sweep is right, only less", async () => {
  const both = [arrayMultiplier(6), wallaceMultiplier(6)] as const;
  const tired = await checkEquivalent(...both, {
    createSolver: createCdclSolver,
    seed: 1,
    conflictBudget: 1,
  });
  expect(tired).toMatchObject({ tag: "unknown", reason: "conflicts" });
  if (tired.tag === "unknown") expect(tired.statistics.unknown).toBeGreaterThan(0);
  const stopped = await sweep(redundant(), { cancelled: () => true });
  expect(stopped.sweep.statistics.candidates).toBe(1);
  const verdict = await checkEquivalent(redundant(), stopped.swept, {
    createSolver: createCdclSolver,
    seed: 1,
  });
  expect(verdict.tag).toBe("proved");
});
