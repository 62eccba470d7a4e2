import { describe, expect, test } from "vitest";
import { Random } from "../../../base/random.js";
import type { Design } from "../../../compiler/ir/design.js";
import { EditableNetlist } from "../../../compiler/ir/editable-netlist.js";
import { type Literal, notIf } from "../../../compiler/ir/literal.js";
import { gateCount, levels, originOf } from "../../../compiler/ir/netlist.js";
import { HASHING, LITERAL, NetlistBuilder } from "../../../compiler/ir/netlist-builder.js";
import { type Candidate, differencesOf, divisorsOf } from "../../../compiler/passes/dont-care/candidates.js";
import { NodeValues } from "../../../compiler/passes/dont-care/node-values.js";
import { ObservabilityProof } from "../../../compiler/passes/dont-care/observability-proof.js";
import { observability, windowAfter } from "../../../compiler/passes/dont-care/window.js";
import { dontCare } from "../../../compiler/passes/dont-care.js";
import { resolvePasses } from "../../../compiler/passes/registry.js";
import { simulate } from "../../../compiler/simulate/bit-parallel.js";
import { checkEquivalent } from "../../../compiler/verify/equivalence.js";
import { createCdclSolver } from "../../../sat/cdcl/solver.js";
import { randomDesign, seeds } from "../../support/random-design.js";

const context = { seed: 1, patterns: [], samples: 0, createSolver: createCdclSolver };

async function swept(design: Design): Promise<Design> {
  let result = design;
  for (const pass of resolvePasses(["constant-propagation", "strash", "dead-gates"]))
    result = (await pass.run(result, context)).design;
  return result;
}

test.each(seeds(60))(
  "keeps the function of random designs, and the same seed gives the same (seed %i)",
  async (seed) => {
    const before = await swept(
      randomDesign(seed, { inputs: 5 + (seed % 8), gates: 60 + 3 * seed, outputs: 4 + 2 * (seed % 5) }),
    );
    const patterns = Array.from({ length: before.core.inputs }, (_, i) => Uint32Array.of(seed * i, ~i));
    const { design } = await dontCare.run(before, { ...context, seed, patterns, samples: 64 });
    const options = { createSolver: createCdclSolver, seed };
    expect((await checkEquivalent(before.core, design.core, options)).tag).toBe("proved");
    expect(gateCount(design.core)).toBeLessThanOrEqual(gateCount(before.core));
    expect((await dontCare.run(before, { ...context, seed, patterns, samples: 64 })).design).toEqual(design);
  },
);

test("random gates of few inputs are redundant: a sixth of them goes", async () => {
  let [before, after] = [0, 0];
  for (const seed of [1, 2, 3, 4, 5]) {
    const design = await swept(randomDesign(seed, { inputs: 8, gates: 300, outputs: 20 }));
    before += gateCount(design.core);
    after += gateCount((await dontCare.run(design, context)).design.core);
  }
  expect(after).toBeLessThan((5 / 6) * before);
});

test("depth never grows", async () => {
  const before = await swept(randomDesign(3, { inputs: 12, gates: 400, outputs: 20 }));
  const { design } = await dontCare.run(before, context);
  const depth = (d: Design): number => Math.max(...levels(d.core));
  expect(depth(design)).toBeLessThanOrEqual(depth(before));
});

test("a new gate remembers the trained gates that it stands for", async () => {
  const b = new NetlistBuilder(2, LITERAL);
  const [x, y] = [b.input(0), b.input(1)];
  const both = b.and(x, y, [3]);
  const neither = b.and((x ^ 1) as typeof x, (y ^ 1) as typeof x, [4]);
  const core = b.finish([b.and((both ^ 1) as typeof x, (neither ^ 1) as typeof x, [5])]);
  const { design, stats } = await dontCare.run(
    { ...randomDesign(1, { inputs: 2, gates: 1, outputs: 2 }), core },
    context,
  );
  expect([gateCount(design.core), [...originOf(design.core, 0)]]).toEqual([1, [3, 4, 5]]);
  expect(stats).toMatchObject({ gates: 1, unknown: 0 });
});

describe("observability", () => {
  /** Outputs with a node forced to the other value, from the definition. */
  test.each(seeds(20))("simulated and proved, it is what turning a node over shows (seed %i)", (seed) => {
    const { core } = randomDesign(seed, { inputs: 5, gates: 30, outputs: 4 });
    const netlist = new EditableNetlist(core);
    const values = new NodeValues(netlist, [], new Random(seed));
    for (const node of netlist.topological()) {
      const turned = { ...core, outputs: core.outputs.slice() };
      // The node becomes an input of its own: one more primary input after the others.
      const forced = forceNode(core, node);
      const rows = Array.from({ length: core.inputs }, (_, i) => values.row(1 + i));
      const flipped = simulate(forced, [...rows, values.row(node).map((w) => ~w)], values.words);
      const plain = simulate(turned, rows, values.words);
      const seen = new Uint32Array(values.words);
      plain.forEach((row, o) => {
        for (let w = 0; w < values.words; w++) seen[w]! |= row[w]! ^ flipped[o]![w]!;
      });
      const window = windowAfter(netlist, node, 1000);
      expect(observability(netlist, values, window)).toEqual(seen);
      const proof = new ObservabilityProof(createCdclSolver(), netlist, window, 1000);
      const ever = proof.observedWhile([], 10_000).tag;
      expect(ever).toBe(seen.some((word) => word !== 0) ? "counterexample" : "never");
      const hasty = new ObservabilityProof(createCdclSolver(), netlist, window, 1000).observedWhile(
        [],
        0,
      ).tag;
      expect([ever, "unknown"]).toContain(hasty);
      // A shorter window may only show more.
      const short = observability(netlist, values, windowAfter(netlist, node, 2));
      expect(short.every((word, w) => (seen[w]! & ~word) === 0)).toBe(true);
    }
  });

  test("a proof that reaches its gate limit is never a counterexample", () => {
    const { core } = randomDesign(5, { inputs: 8, gates: 80, outputs: 4 });
    const netlist = new EditableNetlist(core);
    const tags = netlist
      .topological()
      .map(
        (node) =>
          new ObservabilityProof(
            createCdclSolver(),
            netlist,
            windowAfter(netlist, node, 60),
            3,
          ).observedWhile([], 100).tag,
      );
    expect(tags).toContain("unknown");
  });
});

/** `core` where the readers of a node read a new last input instead. */
function forceNode(core: Design["core"], forced: number): Design["core"] {
  const b = new NetlistBuilder(core.inputs + 1, LITERAL);
  const moved = Array.from({ length: core.inputs + 1 }, (_, n) => 2 * n);
  const at = (l: number): number => moved[l >>> 1]! ^ (l & 1);
  for (let g = 0; g < core.kind.length; g++) {
    const gate = b.gate(core.kind[g]! as 0 | 1, at(core.fanin0[g]!) as never, at(core.fanin1[g]!) as never);
    moved.push(1 + core.inputs + g === forced ? 2 * (core.inputs + 1) : gate);
  }
  return b.finish(Array.from(core.outputs, at) as never);
}

/** A design of ANDs that are rarely 1, so that simulation finds many false candidates. */
function rareDesign(seed: number): Design {
  const random = new Random(seed);
  const inputs = 24;
  const b = new NetlistBuilder(inputs, HASHING);
  const nodes = Array.from({ length: inputs }, (_, i) => b.input(i));
  while (b.gates < 120) {
    const pick = (): Literal => notIf(nodes[random.below(nodes.length)]!, random.below(8) === 0);
    nodes.push(random.below(6) === 0 ? b.xor(pick(), pick()) : b.and(pick(), pick()));
  }
  const core = b.finish(nodes.slice(-12));
  return { ...randomDesign(1, { inputs, gates: 1, outputs: 12 }), core };
}

test.each(seeds(25))("what simulation alone would take for equal is kept (seed %i)", async (seed) => {
  const before = rareDesign(seed);
  const { design } = await dontCare.run(before, { ...context, seed });
  const options = { createSolver: createCdclSolver, seed };
  expect((await checkEquivalent(before.core, design.core, options)).tag).toBe("proved");
});

test.each([
  { tag: "literal", literal: 4 },
  { tag: "literal", literal: 5 },
  { tag: "gate", kind: 0, a: 4, b: 7, complement: false },
  { tag: "gate", kind: 0, a: 5, b: 6, complement: true },
  { tag: "gate", kind: 1, a: 4, b: 6, complement: false },
  { tag: "gate", kind: 1, a: 4, b: 6, complement: true },
] as Candidate[])("the differences of %o are where it differs", (candidate) => {
  for (let p = 0; p < 8; p++) {
    const at = (literal: number): number => ((p >> ((literal >>> 1) - 1)) & 1) ^ (literal & 1);
    let value = 0;
    if (candidate.tag === "literal") value = at(candidate.literal);
    else {
      const [a, b] = [at(candidate.a), at(candidate.b)];
      value = (candidate.kind === 0 ? a & b : a ^ b) ^ (candidate.complement ? 1 : 0);
    }
    const holds = differencesOf(candidate, 1).some((literals) => literals.every((l) => at(l) === 1));
    expect(holds).toBe(value !== at(2));
  }
});

test("after a replacement, values are those of the changed netlist", () => {
  const { core } = randomDesign(4, { inputs: 8, gates: 120, outputs: 10 });
  const netlist = new EditableNetlist(core);
  const values = new NodeValues(netlist, [], new Random(1));
  const random = new Random(2);
  for (let k = 0; k < 20; k++) {
    const gates = netlist.topological();
    const node = gates[random.below(gates.length)]!;
    const readers = [...netlist.fanouts[node]!];
    netlist.replace(node, netlist.fanin0[node]! ^ 1);
    values.updateFrom(readers);
    const rows = Array.from({ length: core.inputs }, (_, i) => values.row(1 + i));
    const outputs = simulate(netlist.finish(), rows, values.words);
    netlist.outputs.forEach((literal, o) => {
      expect(values.row(literal >>> 1).map((word) => word ^ -(literal & 1))).toEqual(outputs[o]);
    });
  }
});

test("divisors are of no higher level and never the node itself", () => {
  const { core } = randomDesign(9, { inputs: 10, gates: 200, outputs: 10 });
  const netlist = new EditableNetlist(core);
  for (const node of netlist.topological()) {
    const divisors = divisorsOf(netlist, node, 40);
    expect(divisors).not.toContain(node);
    expect(divisors.every((d) => netlist.level[d]! <= netlist.level[node]!)).toBe(true);
  }
});
