import { describe, expect, test } from "vitest";
import { emitAiger, emitAsciiAiger } from "../../../compiler/emit/aiger.js";
import { GateKind } from "../../../compiler/ir/gate-functions.js";
import { type NamedNetlist, namedCore } from "../../../compiler/ir/named-netlist.js";
import { gateCount, validateNetlist } from "../../../compiler/ir/netlist.js";
import { readAiger } from "../../../compiler/read/aiger.js";
import { randomDesign, seeds } from "../../support/random-design.js";
import { sameFunction } from "../../support/same-function.js";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const read = (text: string): NamedNetlist => readAiger(bytes(text), "a.aag", "a");

const FORMATS = [
  ["binary", (circuit: NamedNetlist) => emitAiger(circuit, ["a comment", "o0 not a symbol"])],
  ["ASCII", (circuit: NamedNetlist) => bytes(emitAsciiAiger(circuit, ["a comment", "o0 not a symbol"]))],
] as const;

describe.each(FORMATS)("%s", (_name, emit) => {
  test.each(seeds(20))("what is written is read back: names, function, ANDs (seed %i)", (seed) => {
    const { core } = randomDesign(seed, { inputs: 7, gates: 60, outputs: 10 });
    const inputNames = ["a b", "ä", "[3]", "x#1", "a\\b", "=", "7"];
    const circuit = { ...namedCore(core, "circuit"), inputNames };
    const found = readAiger(emit(circuit), "a.aig", "circuit");
    validateNetlist(found.netlist);
    expect(found.inputNames).toEqual(inputNames);
    expect(found.outputNames).toEqual(circuit.outputNames);
    expect(sameFunction(found.netlist, core)).toBe(true);
    // Read again, nothing changes: the ANDs are taken as they stand.
    expect(emit(found)).toEqual(emit(circuit));
  });
  test("a circuit without names stays without", () => {
    const circuit = {
      ...namedCore(randomDesign(1, { inputs: 3, gates: 9, outputs: 2 }).core, "a"),
      hasNames: false,
    };
    const found = readAiger(emit(circuit), "a.aig", "a");
    expect(found).toMatchObject({
      hasNames: false,
      inputNames: ["i0", "i1", "i2"],
      outputNames: ["o0", "o1"],
    });
  });
  test("no inputs, no outputs, constants, outputs that are inputs", () => {
    const { core } = randomDesign(1, { inputs: 2, gates: 0, outputs: 2 });
    const circuit = namedCore({ ...core, outputs: Uint32Array.of(0, 1, 2, 5) }, "a");
    expect([...readAiger(emit(circuit), "a", "a").netlist.outputs]).toEqual([0, 1, 2, 5]);
    const nothing = namedCore({ ...core, inputs: 0, outputs: new Uint32Array() }, "a");
    expect(readAiger(emit(nothing), "a", "a").netlist).toMatchObject({ inputs: 0, kind: new Uint8Array() });
  });
});

test("ASCII ANDs come in any order and with any numbering", () => {
  // y = (a & ~b) & ~(b & c), variables 9, 7, 5 are inputs.
  const { netlist } = read("aag 9 3 0 1 3\n18\n14\n10\n4\n4 6 9\n8 10 14\n6 18 15\n");
  validateNetlist(netlist);
  expect([netlist.inputs, gateCount(netlist), new Set(netlist.kind)]).toEqual([
    3,
    3,
    new Set([GateKind.And]),
  ]);
  // Literal 6 of the file becomes node 4, 8 node 5 and 4 node 6: what is read comes first.
  expect([...netlist.fanin0]).toEqual([2, 6, 8]);
  expect([...netlist.fanin1, ...netlist.outputs]).toEqual([5, 4, 11, 12]);
});

test("a chain of 200,000 ANDs written backwards is read without recursion", () => {
  const ands = 200_000;
  const lines = Array.from({ length: ands }, (_, k) => {
    const v = ands + 1 - k;
    return `${2 * v} ${2 * (v - 1)} ${2 * (v - 1)}\n`;
  });
  const { netlist } = read(`aag ${ands + 1} 1 0 1 ${ands}\n2\n${2 * (ands + 1)}\n${lines.join("")}`);
  expect([gateCount(netlist), netlist.fanin0[ands - 1], netlist.outputs[0]]).toEqual([
    ands,
    2 * ands,
    2 * (ands + 1),
  ]);
});

describe("what is no combinational AIGER is refused, saying where", () => {
  test.each([
    ["an empty file", "", /^a\.aag: byte 0: expected "aig " or "aag " but found ""/],
    ["another format", ".model x\n", /byte 0: expected "aig " or "aag " but found "\.mod"/],
    ["a header that is cut", "aag 3 2", /byte 7: expected a space but found the end of the file/],
    [
      "a number that is none",
      "aag 3 2 0 x 1\n",
      /byte 10: expected a number of outputs, a number but found "x"/,
    ],
    [
      "a huge count",
      "aag 99999999999999999999 1 0 1 0\n",
      /byte 4: .*at most 16777216 but found 99999999999999999999/,
    ],
    [
      "more inputs than variables",
      "aag 1 2 0 0 0\n",
      /byte 6: expected a number of inputs of at most 1 but found 2/,
    ],
    ["latches", "aag 1 0 1 0 0\n2 3\n", /expected a combinational circuit but found 1 latches/],
    ["properties", "aag 1 1 0 0 0 1\n2\n2\n", /expected a combinational circuit but found 1 bad states/],
    ["ANDs that are not there", "aag 5 1 0 1 4\n2\n4\n4 2 2\n", /expected at least 28 bytes .* but found 10/],
    [
      "an output out of range",
      "aag 1 1 0 1 0\n2\n4\n",
      /byte 16: expected a literal of at most 3 but found 4/,
    ],
    [
      "an input defined twice",
      "aag 2 2 0 0 0\n2\n2\n",
      /byte 16: expected one definition .* a second one of 2/,
    ],
    ["an odd input", "aag 2 1 0 0 0\n3\n", /byte 14: expected an even literal above 0 to define but found 3/],
    [
      "an AND that defines the constant",
      "aag 2 1 0 0 1\n2\n0 2 2\n",
      /byte 16: expected an even literal above 0/,
    ],
    [
      "an undefined fanin",
      "aag 3 1 0 1 1\n2\n4\n4 2 6\n",
      /byte 18: expected a literal that .* defines but found 6/,
    ],
    [
      "an undefined output",
      "aag 3 1 0 1 0\n2\n6\n",
      /byte 16: expected a literal that .* defines but found 6/,
    ],
    ["a cycle", "aag 3 1 0 1 2\n2\n4\n4 2 6\n6 4 2\n", /byte 18: expected no AND that depends on itself/],
    [
      "an AND that reads itself",
      "aag 2 1 0 1 1\n2\n4\n4 4 2\n",
      /byte 18: expected no AND that depends on itself/,
    ],
    [
      "a symbol out of range",
      "aag 1 1 0 0 0\n2\ni1 a\n",
      /byte 16: expected a position below 1 after "i" but found 1/,
    ],
    ["a symbol twice", "aag 1 1 0 0 0\n2\ni0 a\ni0 b\n", /byte 21: expected one name for i0/],
    ["an empty symbol", "aag 1 1 0 0 0\n2\ni0 \n", /byte 16: expected a name for i0 but found none/],
    ["a latch symbol", "aag 1 1 0 0 0\n2\nl0 a\n", /byte 16: expected a symbol/],
    ["a binary header that does not add up", "aig 3 1 0 0 1\n\x02\x00", /byte 4: expected 2 variables/],
    ["binary ANDs that are cut", "aig 3 1 0 0 2\n\x82\x00\x00\x81", /byte 18: expected the rest of the ANDs/],
    [
      "an AND that reads itself, binary",
      "aig 2 1 0 0 1\n\x00\x00",
      /byte 14: expected a difference of 1 to 4 but found 0/,
    ],
    [
      "a difference below 0, binary",
      "aig 2 1 0 0 1\n\x05\x00",
      /byte 14: expected a difference of 1 to 4 but found .*5/,
    ],
    [
      "more variables than the file can hold",
      "aag 16777215 1 0 0 0\n2\n",
      /at most \d+ variables in so short a file/,
    ],
  ])("%s", (_what, text, message) => {
    const file = Uint8Array.from(text, (c) => c.charCodeAt(0));
    expect(() => readAiger(file, "a.aag", "a")).toThrow(message);
    expect(() => readAiger(file, "a.aag", "a")).toThrow(expect.objectContaining({ name: "UserError" }));
  });
  test("a name that is no UTF-8", () => {
    const file = Uint8Array.from([...bytes("aag 1 1 0 0 0\n2\ni0 "), 0xff, 10]);
    expect(() => readAiger(file, "a", "a")).toThrow(/byte 19: expected text in UTF-8/);
  });
});
