import { expect, test } from "vitest";
import { FALSE, type Literal, not } from "../../../compiler/ir/literal.js";
import { type Netlist, originOf, validateNetlist } from "../../../compiler/ir/netlist.js";
import { LITERAL, NetlistBuilder } from "../../../compiler/ir/netlist-builder.js";
import { checkEquivalent } from "../../../compiler/verify/equivalence.js";
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
