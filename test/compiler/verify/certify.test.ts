import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Random } from "../../../base/random.js";
import type { Netlist } from "../../../compiler/ir/netlist.js";
import { proveByCertificate } from "../../../compiler/verify/certify.js";
import { readDimacs, writeDimacs } from "../../../sat/dimacs.js";
import { pigeons, randomCnf } from "../../sat/formulas.js";
import {
  arrayMultiplier,
  lookaheadAdder,
  mutate,
  parityChain,
  parityTree,
  rewritten,
  rippleAdder,
  wallaceMultiplier,
} from "../../support/circuits.js";
import { checkDrat } from "../../support/drat-checker.js";
import { temporaryFolder, writeIn } from "../../support/folder.js";
import { testWithTool } from "../../support/native-tool.js";
import { randomDesign, seeds } from "../../support/random-design.js";

const PAIRS: readonly (readonly [string, Netlist, Netlist])[] = [
  ["adders", rippleAdder(12), lookaheadAdder(12)],
  ["multipliers", arrayMultiplier(4), wallaceMultiplier(4)],
  ["parities", parityChain(12), parityTree(12)],
];

test.each(PAIRS)("%s: the proof checks, and no damaged one does", async (_, a, b) => {
  const found = await proveByCertificate(a, b, { seed: 1 });
  const lines = found!.proof.text().join("").trim().split("\n");
  expect(checkDrat(found!.formula, lines.join("\n"))).toBeNull();
  expect(checkDrat(found!.formula, lines.slice(0, -1).join("\n"))).toBe("there is no empty clause");
  expect(checkDrat(found!.formula, "0\n")).toContain("does not follow");
  // The conclusion must not check without the lemmas, and a formula of other gates must not be proved by them.
  const tail = lines.slice(-2 * a.outputs.length - 1);
  expect(checkDrat(found!.formula, tail.join("\n"))).toContain("does not follow");
  const other = { ...found!.formula, clauses: found!.formula.clauses.slice(0, -1) };
  expect(checkDrat(other, lines.join("\n"))).toContain("does not follow");
  const random = new Random(7);
  let refused = 0;
  for (let k = 0; k < 10; k++) {
    const at = random.below(lines.length);
    const literals = lines[at]!.split(" ");
    const turned = literals.map((word, w) =>
      w === 0 && word !== "d" && word !== "0" ? String(-Number(word)) : word,
    );
    if (checkDrat(found!.formula, lines.with(at, turned.join(" ")).join("\n")) !== null) refused++;
  }
  expect(refused).toBeGreaterThan(2);
});

test.each(seeds(25))(
  "random circuits and their rewritten forms: the proof checks (seed %i)",
  async (seed) => {
    const { core } = randomDesign(seed, { inputs: 3 + (seed % 12), gates: 20 + 8 * seed, outputs: 6 });
    const found = await proveByCertificate(core, rewritten(core, new Random(seed)), { seed });
    expect(checkDrat(found!.formula, found!.proof.text().join(""))).toBeNull();
  },
);

test("netlists that differ, and those beyond the budget, have no proof", async () => {
  const a = rippleAdder(8);
  const turned = { ...a, outputs: a.outputs.map((literal, o) => (o === 3 ? literal ^ 1 : literal)) };
  expect(await proveByCertificate(a, turned, { seed: 1 })).toBeNull();
  expect(await proveByCertificate(a, mutate(a, new Random(2)), { seed: 1 })).toBeNull();
  const budget = { seed: 1, conflictBudget: 1 };
  expect(await proveByCertificate(arrayMultiplier(6), wallaceMultiplier(6), budget)).toBeNull();
});

testWithTool("cadical")(
  "CaDiCaL finds the formulas unsatisfiable; the checker takes its proofs",
  async () => {
    const folder = temporaryFolder();
    const solve = (
      name: string,
      cnf: ReturnType<typeof pigeons>,
    ): { status: number | null; proof: string } => {
      writeIn(folder, `${name}.cnf`, writeDimacs(cnf).join(""));
      const { status } = spawnSync("cadical", ["-q", "-n", "--no-binary", `${name}.cnf`, `${name}.drat`], {
        cwd: folder,
      });
      return { status, proof: readFileSync(join(folder, `${name}.drat`), "utf8") };
    };
    for (const [name, a, b] of PAIRS) {
      const { formula } = (await proveByCertificate(a, b, { seed: 1 }))!;
      expect(solve(name, formula).status).toBe(20);
      expect(readDimacs(new TextEncoder().encode(writeDimacs(formula).join("")), name)).toEqual(formula);
    }
    let checked = 0;
    for (const cnf of [pigeons(5), ...seeds(40).map((seed) => randomCnf(seed, 20, 60))]) {
      const { status, proof } = solve("theirs", cnf);
      if (status !== 20) continue;
      expect(checkDrat(cnf, proof)).toBeNull();
      expect(checkDrat({ ...cnf, clauses: cnf.clauses.slice(1, 5) }, proof)).not.toBeNull();
      checked++;
    }
    expect(checked).toBeGreaterThan(5);
  },
);
