import { expect, test } from "vitest";
import { FALSE, type Literal } from "../../../compiler/ir/literal.js";
import type { Netlist } from "../../../compiler/ir/netlist.js";
import { HASHING, NetlistBuilder } from "../../../compiler/ir/netlist-builder.js";
import { checkEquivalent } from "../../../compiler/verify/equivalence.js";
import { createCdclSolver } from "../../../sat/cdcl/solver.js";
import { randomDesign, seeds } from "../../support/random-design.js";

/** The index of the side with the higher score; inputs: score and index of a, then of b. */
function fromTheLowest(width: number): Netlist {
  const builder = new NetlistBuilder(2 * (width + 1), HASHING);
  let wins: Literal = FALSE;
  for (let k = 0; k < width; k++) {
    const [a, b] = [builder.input(k), builder.input(width + 1 + k)];
    wins = builder.mux(builder.xor(a, b), b, wins);
  }
  return builder.finish([builder.mux(wins, builder.input(2 * width + 1), builder.input(width))]);
}

/** `b > a` from the highest bit down: another structure. */
function comparator(width: number, fault: boolean): Netlist {
  const builder = new NetlistBuilder(2 * (width + 1), HASHING);
  let wins: Literal = FALSE;
  let equal: Literal = 1 as Literal;
  for (let k = width - 1; k >= 0; k--) {
    const [x, y] = [builder.input(k), builder.input(width + 1 + k)];
    wins = builder.or(wins, builder.and(equal, builder.and((x ^ 1) as Literal, y)));
    equal = builder.and(equal, (builder.xor(x, y) ^ 1) as Literal);
  }
  // The fault shows for one pattern of scores only, which random patterns do not meet.
  if (fault) wins = builder.or(wins, equalTo(builder, width));
  return builder.finish([builder.mux(wins, builder.input(2 * width + 1), builder.input(width))]);
}

function equalTo(builder: NetlistBuilder, width: number): Literal {
  let all: Literal = 1 as Literal;
  for (let k = 0; k < width; k++)
    all = builder.and(all, builder.and(builder.input(k), builder.input(width + 1 + k)));
  return all;
}

test("two structures of one function are proved by SAT", async () => {
  const verdict = await checkEquivalent(fromTheLowest(14), comparator(14, false), {
    createSolver: createCdclSolver,
    seed: 1,
  });
  expect(verdict.tag).toBe("proved");
});

test("a difference on a single pattern is found by SAT, with a counterexample", async () => {
  const verdict = await checkEquivalent(fromTheLowest(14), comparator(14, true), {
    createSolver: createCdclSolver,
    seed: 1,
  });
  expect(verdict.tag).toBe("refuted");
  if (verdict.tag === "refuted")
    expect([...verdict.counterexample].filter((bit) => bit === 1).length).toBeGreaterThan(27);
});

test("what the solver does not decide is unknown, never proved", async () => {
  const verdict = await checkEquivalent(fromTheLowest(14), comparator(14, false), {
    createSolver: createCdclSolver,
    conflictBudget: 1,
    seed: 1,
  });
  expect(verdict).toMatchObject({ tag: "unknown", outputs: [0], reason: "conflicts" });
});

test.each(seeds(30))(
  "a random netlist with one changed gate is refuted unless nothing sees it (seed %i)",
  async (seed) => {
    const { core } = randomDesign(seed, { inputs: 6, gates: 30, outputs: 4 });
    const g = seed % 30;
    const changed = { ...core, kind: core.kind.map((kind, i) => (i === g ? 1 - kind : kind)) };
    const verdict = await checkEquivalent(core, changed, { createSolver: createCdclSolver, seed });
    // The exhaustive answer.
    const { simulate } = await import("../../../compiler/simulate/bit-parallel.js");
    const rows = Array.from({ length: 6 }, (_, i) =>
      Uint32Array.from({ length: 2 }, (_, w) => {
        let word = 0;
        for (let v = 0; v < 32; v++) if (((32 * w + v) >> i) & 1) word |= 1 << v;
        return word;
      }),
    );
    const same = JSON.stringify(simulate(core, rows, 2)) === JSON.stringify(simulate(changed, rows, 2));
    expect(verdict.tag).toBe(same ? "proved" : "refuted");
  },
);

test("netlists of other sizes are a broken promise", async () => {
  const a = randomDesign(1, { inputs: 6, gates: 3, outputs: 4 }).core;
  const b = randomDesign(1, { inputs: 5, gates: 3, outputs: 4 }).core;
  await expect(checkEquivalent(a, b, { createSolver: createCdclSolver, seed: 1 })).rejects.toThrow(
    "internal error",
  );
});
