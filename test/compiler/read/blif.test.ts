import { describe, expect, test } from "vitest";
import { emitBlif } from "../../../compiler/emit/blif.js";
import { type NamedNetlist, namedCore } from "../../../compiler/ir/named-netlist.js";
import { gateCount, type Netlist, validateNetlist } from "../../../compiler/ir/netlist.js";
import { readBlif } from "../../../compiler/read/blif.js";
import { simulate } from "../../../compiler/simulate/bit-parallel.js";
import { randomDesign, seeds } from "../../support/random-design.js";
import { allPatterns, sameFunction } from "../../support/same-function.js";

const read = (text: string): NamedNetlist => readBlif(new TextEncoder().encode(text), "a.blif", "a");
/** Output 0 on every pattern, pattern 0 first, input 0 the low bit. */
const table = ({ inputs, ...rest }: Netlist): string => {
  const [row] = simulate({ inputs, ...rest }, allPatterns(inputs), 1);
  return Array.from({ length: 2 ** inputs }, (_, p) => (row![0]! >>> p) & 1).join("");
};
/** One table over inputs a, b, c, d. */
const tableOf = (names: string, rows: string): string =>
  table(read(`.model m\n.inputs ${names}\n.outputs y\n.names ${names} y\n${rows}\n.end\n`).netlist);

test.each(seeds(20))("what is written is read back, gate by gate (seed %i)", (seed) => {
  const { core } = randomDesign(seed, { inputs: 7, gates: 60, outputs: 10 });
  const circuit = { ...namedCore(core, "circuit"), inputNames: ["n9", "n_9", "ä", "[3]", "=", "7", ".x"] };
  const found = read(emitBlif(circuit, ["a comment \\"]));
  validateNetlist(found.netlist);
  expect({ ...found, netlist: null }).toEqual({ ...circuit, netlist: null });
  expect(sameFunction(found.netlist, core)).toBe(true);
  expect(gateCount(found.netlist)).toBe(gateCount(core));
  expect(found.netlist.kind).toEqual(core.kind);
});

describe("tables", () => {
  test.each([
    ["a", "1 1", "01"],
    ["a", "0 1", "10"],
    ["a", "1 0", "10"],
    ["a", "- 1", "11"],
    ["a", "", "00"],
    ["a b", "10 1\n01 1", "0110"],
    ["a b", "1- 1\n-1 1", "0111"],
    ["a b", "11 0", "1110"],
    ["a b", "-0 1", "1100"],
    ["a b c", "11- 1\n-11 1\n1-1 1", "00010111"],
    ["a b c", "1-0 0\n0-1 0", "10100101"],
    ["a b c", "--- 1", "11111111"],
    ["a b c d", "1111 0", "1111111111111110"],
  ])("%s: %j", (names, rows, wanted) => {
    expect(tableOf(names, rows)).toBe(wanted);
  });
  test("a constant, and an output that is an input", () => {
    const { netlist, outputNames } = read(".inputs a\n.outputs one zero a\n.names one\n1\n.names zero\n");
    expect([[...netlist.outputs], outputNames]).toEqual([
      [1, 0, 2],
      ["one", "zero", "a"],
    ]);
  });
});

test("comments, continued lines, tables in any order, what other tools annotate", () => {
  const { netlist, name, inputNames } = read(
    ".model top # the top\n# all of this line\n.inputs a \\\n  b\\\n c\n.outputs y\r\n.names t c \\\n y\n11 1\n" +
      ".attr src x\n.names a b t\n1- 1\n.area 3\n.default_input_arrival 0 0\n.end\n",
  );
  expect([name, inputNames, table(netlist)]).toEqual(["top", ["a", "b", "c"], "00000101"]);
});

test("models in models", () => {
  const { netlist } = read(
    ".model top\n.inputs a b c\n.outputs s\n.subckt half x=a y=b s=t c=unused\n.subckt half s=s x=t y=c\n.end\n" +
      ".model half\n.inputs x y\n.outputs s c\n.subckt xor a=x b=y o=s\n.names x y c\n11 1\n.end\n" +
      ".model xor\n.inputs a b\n.outputs o\n.names a b o\n10 1\n01 1\n.end\n",
  );
  expect(table(netlist)).toBe("01101001");
});

test("a chain of 100,000 tables written backwards is read without recursion", () => {
  const count = 100_000;
  const lines = Array.from({ length: count }, (_, k) => `.names s${count - k - 1} s${count - k}\n0 1\n`);
  const { netlist } = read(`.inputs s0\n.outputs s${count}\n${lines.join("")}`);
  expect([gateCount(netlist), [...netlist.outputs]]).toEqual([0, [2]]);
});

test("a port that BLIF cannot hold is refused before anything is written", () => {
  const circuit = namedCore(randomDesign(1, { inputs: 2, gates: 4, outputs: 2 }).core, "m");
  const renamed =
    (inputNames: string[], outputNames = ["y0", "y1"]): (() => string) =>
    () =>
      emitBlif({ ...circuit, inputNames, outputNames }, []);
  expect(renamed(["a b", "c"])).toThrow('found the port "a b"');
  expect(renamed(["a", "a"])).toThrow('one signal of that name but found the port "a"');
  expect(renamed(["a", "b"], ["a", "y"])).toThrow('one signal of that name but found the port "a"');
  const through = { ...circuit, inputNames: ["a", "b"], outputNames: ["a", "y"] };
  const wired = { ...through, netlist: { ...circuit.netlist, outputs: Uint32Array.of(2, 5) } };
  expect([...read(emitBlif(wired, [])).netlist.outputs]).toEqual([2, 5]);
});

describe("what is no combinational BLIF is refused, saying where", () => {
  const bomb = Array.from(
    { length: 40 },
    (_, k) =>
      `.model m${k}\n.inputs a\n.outputs y\n.subckt m${k + 1} a=a y=t\n.subckt m${k + 1} a=t y=y\n.end\n`,
  ).join("");
  test.each([
    ["an empty file", "", /^a\.blif: line 1: expected a \.model but found none/],
    [
      "a latch",
      ".model m\n.inputs d\n.latch d q 0\n",
      /line 3: expected a combinational circuit but found \.latch/,
    ],
    ["a library cell", ".gate AND2 a=x b=y o=z\n", /line 1: expected logic as \.names but found \.gate/],
    ["another file", ".search x.blif\n", /line 1: expected everything in one file/],
    ["an unknown command", ".model m\n.nmaes a b\n", /line 2: expected a command of BLIF but found \.nmaes/],
    ["a row without a table", ".model m\n.inputs a\n11 1\n", /line 3: expected a command .* found "11"/],
    ["a row that is too short", ".inputs a b\n.names a b y\n1 1\n", /line 3: expected a row of 2 columns/],
    ["a row without a value", ".inputs a b\n.names a b y\n11\n", /line 3: expected a row of 2 columns/],
    ["a row of other characters", ".inputs a b\n.names a b y\n1x 1\n", /line 3: expected a row of 2 columns/],
    [
      "a value that is none",
      ".inputs a\n.names a y\n1 2\n",
      /line 3: expected the value 0 or 1 but found "2"/,
    ],
    ["rows of both values", ".inputs a\n.names a y\n1 1\n0 0\n", /line 4: expected rows of one value, 1/],
    ["a table without a name", ".model m\n.names\n", /line 2: expected at least the output's name/],
    ["two drivers", ".inputs a\n.names a y\n1 1\n.names y\n", /line 4: .* found a second one of "y"/],
    ["a driven input", ".inputs a b\n.names a b\n1 1\n", /line 2: .* found a second one of "b"/],
    ["two inputs of one name", ".model m\n.inputs a a\n", /line 1: expected inputs of different names/],
    ["an undriven signal", ".inputs a\n.outputs y\n.names a t y\n11 1\n", /line 3: .* found none of "t"/],
    ["an undriven output", ".model m\n.inputs a\n.outputs y\n", /line 1: .* found none of the output "y"/],
    [
      "a cycle",
      ".outputs y\n.names t y\n1 1\n.names y t\n1 1\n",
      /line 2: expected no signal that depends on itself/,
    ],
    ["a second model of one name", ".model m\n.end\n.model m\n", /line 3: expected one model of each name/],
    ["an unknown model", ".inputs a\n.subckt b a=a\n", /line 2: expected a model of this file but found "b"/],
    [
      "a pin that is none",
      ".model m\n.inputs a\n.subckt b q=a\n.model b\n.inputs x\n",
      /line 3: expected a port of "b"/,
    ],
    ["a pin left open", ".model m\n.subckt b\n.model b\n.inputs x\n", /line 2: .* found none of "x"/],
    ["a pin connected twice", ".subckt b x=a x=c\n", /line 1: .* found a second one of "x"/],
    ["a pin without a signal", ".subckt b x=\n", /line 1: expected connections such as formal=actual/],
    ["a model in itself", ".model m\n.inputs a\n.subckt m a=a\n", /line 3: expected no model within itself/],
    [
      "a hierarchy that explodes",
      `${bomb}.model m40\n.inputs a\n.outputs y\n.names a y\n1 1\n`,
      /at most 16777216 signals/,
    ],
    ["binary", "\x7fELF\x01\x00\x00\n", /line 1: expected a command .* found "\?ELF\?\?\?"/],
  ])("%s", (_what, text, message) => {
    expect(() => read(text)).toThrow(message);
    expect(() => read(text)).toThrow(expect.objectContaining({ name: "UserError" }));
  });
  test("bytes that are no UTF-8", () => {
    expect(() => readBlif(Uint8Array.of(46, 255), "a.blif", "a")).toThrow(/line 1: expected text in UTF-8/);
  });
});
