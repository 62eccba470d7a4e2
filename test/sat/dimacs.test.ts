import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { UserError } from "../../base/errors.js";
import { Random } from "../../base/random.js";
import { createCdclSolver } from "../../sat/cdcl/solver.js";
import { readDimacs, writeDimacs } from "../../sat/dimacs.js";
import { addCnf } from "../../sat/solver.js";
import { testWithTool } from "../support/native-tool.js";
import { seeds } from "../support/random-design.js";
import { randomCnf } from "./formulas.js";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const read = (text: string) => readDimacs(bytes(text), "f.cnf");

test("comments, clauses over several lines, and what follows a percent sign", () => {
  expect(read("c hello\np cnf 3 2\n1 -2\n0 3 0\nc late\n")).toEqual({
    variables: 3,
    clauses: [[1, -2], [3]],
  });
  expect(read("p cnf 2 1\r\n 1\t2 0\r\n%\n0\n")).toEqual({ variables: 2, clauses: [[1, 2]] });
  expect(read("p cnf 0 1\n0\n")).toEqual({ variables: 0, clauses: [[]] });
});

test.each(seeds(20))("what is written is read back (seed %i)", (seed) => {
  const cnf = randomCnf(seed);
  expect(read(writeDimacs(cnf, ["two", "lines"]).join(""))).toEqual(cnf);
});

test.each([
  ["", 'f.cnf:1:1: expected "p cnf VARIABLES CLAUSES" but found the end of the file'],
  ["p dnf 1 1\n", 'f.cnf:1:3: expected "p cnf VARIABLES CLAUSES" but found "dnf"'],
  ["c x\np cnf 99999999999 1\n", "f.cnf:2:7: expected a number of variables up to 268435456"],
  ["p cnf 1 -1\n", 'expected a number of clauses up to 9007199254740991 but found "-1"'],
  ["p cnf 1 1\n1 2 0\n", 'f.cnf:2:3: expected a literal of at most 1 variables but found "2"'],
  ["p cnf 1 1\n1 x 0\n", 'f.cnf:2:3: expected a literal but found "x"'],
  ["p cnf 1 1\n1", "f.cnf:2:2: expected 0 at the end of the last clause but found the end of the file"],
  ["p cnf 1 9007199254740991\n1 0\n", "f.cnf:3:1: expected 9007199254740991 clauses but found 1"],
  ["p cnf 1 1\n1 0\n-1 0\n", "f.cnf:3:4: expected 1 clauses but found another one"],
  ["p cnf 1 1\np cnf 1 1\n", "f.cnf:2:1: expected a literal but found a second header"],
  ["p cnf 1 1\n\u0000\u00ff 0\n", 'expected a literal but found "???"'],
])("%j is refused with its place", (text, message) => {
  expect(() => read(text)).toThrow(UserError);
  expect(() => read(text)).toThrow(message);
});

test("damaged and random bytes are read or refused, never worse", () => {
  for (const seed of seeds(400)) {
    const random = new Random(seed);
    const data = bytes(writeDimacs(randomCnf(seed)).join("")).slice();
    for (let k = 0; k < 1 + random.below(6); k++) data[random.below(data.length)] = random.below(256);
    const damaged = random.below(3) === 0 ? data.subarray(0, random.below(data.length)) : data;
    try {
      readDimacs(damaged, "f.cnf");
    } catch (error) {
      expect(error, `seed ${seed}`).toBeInstanceOf(UserError);
    }
  }
});

testWithTool("cadical")("CaDiCaL reads what is written and agrees with our solver", () => {
  for (const seed of seeds(30)) {
    const cnf = randomCnf(seed, 40, 100);
    const solver = createCdclSolver();
    addCnf(solver, cnf);
    const { status } = spawnSync("cadical", ["-q"], { input: writeDimacs(cnf).join("") });
    expect(status, `seed ${seed}`).toBe(solver.solve().tag === "satisfiable" ? 10 : 20);
  }
});
