import { describe, expect, test } from "vitest";
import { UserError } from "../../../base/errors.js";
import type { Design } from "../../../compiler/ir/design.js";
import { FALSE, not, TRUE } from "../../../compiler/ir/literal.js";
import { gateCount, originOf } from "../../../compiler/ir/netlist.js";
import { LITERAL, NetlistBuilder } from "../../../compiler/ir/netlist-builder.js";
import type { Pass } from "../../../compiler/passes/pass.js";
import { PASSES, resolvePasses } from "../../../compiler/passes/registry.js";
import { formatPassLine, runPasses } from "../../../compiler/passes/runner.js";
import { checkEquivalent } from "../../../compiler/verify/equivalence.js";
import { createCdclSolver } from "../../../sat/cdcl/solver.js";
import { randomDesign, seeds } from "../../support/random-design.js";

const context = { seed: 1, patterns: [], samples: 0, createSolver: createCdclSolver };

describe.each(PASSES)("$name", (pass) => {
  test.each(seeds(30))("preserves the function and never grows (seed %i)", async (seed) => {
    const before = randomDesign(seed, { inputs: 6, gates: 40, outputs: 4 });
    const { design, stats } = await pass.run(before, context);
    expect(
      (await checkEquivalent(before.core, design.core, { createSolver: createCdclSolver, seed })).tag,
    ).toBe("proved");
    expect(gateCount(design.core)).toBeLessThanOrEqual(gateCount(before.core));
    if (!["sat-sweep", "rewrite", "dont-care"].includes(pass.name))
      expect(Object.values(stats)).toEqual([gateCount(before.core) - gateCount(design.core)]);
  });
});

/** Two inputs; four gates of which one is constant, one a copy and one dead. */
function wasteful(): Design {
  const b = new NetlistBuilder(2, LITERAL);
  const [x, y] = [b.input(0), b.input(1)];
  const constant = b.and(x, FALSE, [0]);
  const first = b.and(x, not(y), [1]);
  const copy = b.and(not(y), x, [2]);
  b.xor(first, x, [3]);
  const core = b.finish([b.xor(first, copy, [4]), b.and(copy, not(constant), [5])]);
  return { ...randomDesign(1, { inputs: 2, gates: 1, outputs: 2 }), core };
}

test.each([
  ["constant-propagation", 4, { folded: 2 }],
  ["strash", 2, { merged: 4 }],
  ["dead-gates", 5, { dead: 1 }],
])("%s leaves %i gates", async (name, gates, stats) => {
  const result = await resolvePasses([name])[0]!.run(wasteful(), context);
  expect([gateCount(result.design.core), result.stats]).toEqual([gates, stats]);
});

test("a merged gate remembers all trained gates that it came from", async () => {
  const { design } = await resolvePasses(["strash"])[0]!.run(wasteful(), context);
  expect([...originOf(design.core, 0)]).toEqual([1, 2]);
});

describe("runner", () => {
  const run = (design: Design, passes: readonly Pass[]) =>
    runPasses(design, passes, {
      context,
      now: () => 0,
      onPass: () => {},
    });

  test("records, verifies and formats every pass", async () => {
    const { design, records } = await run(wasteful(), resolvePasses(["default"]));
    expect(records.map(({ name, before, after, verdict }) => [name, before, after, verdict])).toEqual([
      ["constant-propagation", 6, 4, "proved"],
      ["strash", 4, 2, "proved"],
      ["dead-gates", 2, 1, "proved"],
      ["sat-sweep", 1, 1, "proved"],
      ["rewrite", 1, 1, "proved"],
      ["dont-care", 1, 1, "proved"],
    ]);
    expect(design.core.outputs[0]).toBe(FALSE);
    expect(formatPassLine({ ...records[0]!, before: 41203, after: 38977 })).toMatch(
      /41,203 → 38,977 gates +folded 2 +0\.00 s {3}proved/,
    );
  });

  test("a pass that changes the function is refuted, and its result is not passed on", async () => {
    const wrong: Pass = {
      name: "wrong",
      summary: "turns an output over",
      preserves: "function",
      run: (d) => ({
        design: { ...d, core: { ...d.core, outputs: d.core.outputs.map((l, o) => (o === 0 ? l ^ 1 : l)) } },
        stats: {},
      }),
    };
    const before = wasteful();
    const { design, records } = await run(before, [wrong, ...resolvePasses(["strash"])]);
    expect(records.map(({ verdict }) => verdict)).toEqual(["refuted"]);
    expect(design).toBe(before);
    expect(records[0]!.counterexample).toHaveLength(2);
  });

  test("unknown names are refused with a suggestion", () => {
    expect(() => resolvePasses(["strahs"])).toThrow(UserError);
    expect(() => resolvePasses(["strahs"])).toThrow('found "strahs"');
  });
});

test("the constants are the two literals of node 0", () => {
  expect([FALSE, TRUE]).toEqual([0, 1]);
});
