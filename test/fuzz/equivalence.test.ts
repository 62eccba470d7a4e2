import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { Random } from "../../base/random.js";
import { emitAsciiAiger } from "../../compiler/emit/aiger.js";
import { namedCore } from "../../compiler/ir/named-netlist.js";
import { liveGates, type Netlist } from "../../compiler/ir/netlist.js";
import { readAiger } from "../../compiler/read/aiger.js";
import { simulate } from "../../compiler/simulate/bit-parallel.js";
import { checkEquivalent } from "../../compiler/verify/equivalence.js";
import { Sweep } from "../../compiler/verify/sweep/sweep.js";
import { sweptNetlist } from "../../compiler/verify/sweep/swept.js";
import { createCdclSolver } from "../../sat/cdcl/solver.js";
import { cecVerdicts } from "../support/abc.js";
import { mutate, rewritten } from "../support/circuits.js";
import { temporaryFolder } from "../support/folder.js";
import { testWithTool } from "../support/native-tool.js";
import { randomDesign, seeds } from "../support/random-design.js";
import { type Pair, shrinkPair } from "../support/shrink.js";

const REGRESS = fileURLToPath(new URL("../regress/equivalence", import.meta.url));
const options = { createSolver: createCdclSolver, seed: 1 };

/** Random netlists of 3 to some 1,000 gates against their rewritten forms, two in three with a fault. */
function pairOf(seed: number): Pair {
  const random = Random.forPurpose(seed, "fuzz equivalence");
  const gates = Math.round(3 * 2 ** (8.4 * random.uniform()));
  const inputs = 2 + random.below(Math.min(40, 2 + gates));
  const { core } = randomDesign(seed, { inputs, gates, outputs: 2 * (1 + random.below(4)) });
  const other = rewritten(core, random);
  const faulty = random.below(3) > 0 && liveGates(other).includes(1);
  return [core, faulty ? mutate(other, random) : other];
}

const swept = async (netlist: Netlist): Promise<Netlist> => {
  const sweep = new Sweep(netlist, options);
  await sweep.run();
  return sweptNetlist(sweep.graph);
};

const bit = (netlist: Netlist, output: number, inputs: Uint8Array): number =>
  simulate(
    netlist,
    Array.from(inputs, (value) => Uint32Array.of(value)),
    1,
  )[output]![0]! & 1;

/** Our verdict, and whether its counterexample holds. */
async function verdictOf([a, b]: Pair): Promise<string> {
  const verdict = await checkEquivalent(a, b, options);
  if (verdict.tag !== "refuted") return verdict.tag;
  const { output, counterexample } = verdict;
  return bit(a, output, counterexample) === bit(b, output, counterexample) ? "wrong" : "refuted";
}

/** Shrink a pair that our verdict and ABC's differ on, and keep it in test/regress/. */
async function keep(seed: number, pair: Pair, folder: string): Promise<string> {
  const fails = async (smaller: Pair): Promise<boolean> =>
    (await verdictOf(smaller)) !== cecVerdicts(folder, [smaller])[0];
  const [a, b] = await shrinkPair(pair, fails);
  mkdirSync(REGRESS, { recursive: true });
  for (const [side, netlist] of [["a", a] as const, ["b", b] as const])
    writeFileSync(join(REGRESS, `seed-${seed}-${side}.aag`), emitAsciiAiger(namedCore(netlist, "dut"), []));
  return `seed ${seed}: ${a.kind.length} and ${b.kind.length} gates are left, in test/regress/equivalence`;
}

testWithTool("berkeley-abc")(
  "every verdict agrees with ABC's cec, and so does every swept netlist",
  async () => {
    const folder = temporaryFolder();
    const all = seeds(300);
    const pairs = all.map(pairOf);
    const expected = cecVerdicts(folder, pairs);
    const found = { proved: 0, refuted: 0, unknown: 0 };
    for (const [k, seed] of all.entries()) {
      const verdict = await verdictOf(pairs[k]!);
      if (verdict !== expected[k]) expect.fail(await keep(seed, pairs[k]!, folder));
      found[expected[k]!]++;
    }
    expect(found.unknown).toBe(0);
    expect(Math.min(found.proved, found.refuted)).toBeGreaterThan(50);
    const sweeps = await Promise.all(pairs.map(async ([a]): Promise<Pair> => [a, await swept(a)]));
    expect(cecVerdicts(folder, sweeps).every((verdict) => verdict === "proved")).toBe(true);
    expect(sweeps.every(([a, b]) => b.kind.length <= a.kind.length)).toBe(true);
  },
);

test("a failing pair shrinks to what makes it fail", async () => {
  const [a] = pairOf(5);
  const turned = { ...a, outputs: a.outputs.map((literal, o) => (o === 1 ? literal ^ 1 : literal)) };
  const [left, right] = await shrinkPair([a, turned], async (pair) => (await verdictOf(pair)) === "refuted");
  expect(left.outputs.length).toBe(1);
  expect(left.kind.length + right.kind.length).toBeLessThanOrEqual(1);
});

const names = existsSync(REGRESS) ? readdirSync(REGRESS).filter((name) => name.endsWith("-a.aag")) : [];
testWithTool("berkeley-abc")("pairs that once failed", async () => {
  const netlist = (name: string): Netlist =>
    readAiger(readFileSync(join(REGRESS, name)), name, "dut").netlist;
  for (const name of names) {
    const pair: Pair = [netlist(name), netlist(name.replace("-a.aag", "-b.aag"))];
    expect(await verdictOf(pair), name).toBe(cecVerdicts(temporaryFolder(), [pair])[0]);
  }
});
