import { describe, expect, test } from "vitest";
import {
  codeRange,
  encodeSamples,
  featureOffsets,
  type HardwareType,
  hardwareWidth,
  quantise,
} from "../../../compiler/ir/encoder.js";
import { GATE_FORMS, GateKind, gateOutput } from "../../../compiler/ir/gate-functions.js";
import { FALSE, literalOf, not, TRUE } from "../../../compiler/ir/literal.js";
import { gateCount, levels, validateNetlist } from "../../../compiler/ir/netlist.js";
import { FOLDING, HASHING, LITERAL, NetlistBuilder } from "../../../compiler/ir/netlist-builder.js";
import { argmax, classify, groupSumReadout } from "../../../compiler/ir/readout.js";
import { richDesign } from "../../support/random-design.js";

test.each(GATE_FORMS.map(({ name }, f) => [f, name] as const))(
  "function %i is %s on all four patterns",
  (f, name) => {
    const { form } = GATE_FORMS[f]!;
    for (const a of [0, 1]) {
      for (const b of [0, 1]) {
        const byName =
          { false: 0, true: 1 }[name] ?? Number(new Function("a", "b", `return (${name}) & 1`)(a, b));
        expect(gateOutput(f, a, b)).toBe(byName);
        const flip = (value: number, condition: boolean): number => value ^ Number(condition);
        if (form.tag === "constant") expect(byName).toBe(form.literal);
        else if (form.tag === "input") expect(byName).toBe(flip(form.input === 0 ? a : b, form.complement));
        else {
          const [x, y] = [flip(a, form.complementA), flip(b, form.complementB)];
          expect(byName).toBe(flip(form.kind === GateKind.And ? x & y : x ^ y, form.complementOutput));
        }
      }
    }
  },
);

describe("builder", () => {
  test("hashing finds equal structure whatever the order and signs", () => {
    const b = new NetlistBuilder(2, HASHING);
    const [x, y] = [b.input(0), b.input(1)];
    expect(b.and(x, y)).toBe(b.and(y, x));
    expect(b.xor(not(x), y)).toBe(not(b.xor(y, x)));
    expect(b.and(x, not(y))).not.toBe(b.and(not(x), y));
    expect(b.xor(x, y)).not.toBe(b.and(x, y));
    expect(b.gates).toBe(4);
  });
  test("folding knows constants, equal and complementary fanins", () => {
    const b = new NetlistBuilder(1, FOLDING);
    const x = b.input(0);
    expect([b.and(x, FALSE), b.and(x, TRUE), b.and(x, x), b.and(x, not(x))]).toEqual([FALSE, x, x, FALSE]);
    expect([b.xor(x, FALSE), b.xor(x, TRUE), b.xor(x, x), b.xor(x, not(x))]).toEqual([
      x,
      not(x),
      FALSE,
      TRUE,
    ]);
    expect(b.gates).toBe(0);
  });
  test("literal building changes nothing; levels follow fanins", () => {
    const b = new NetlistBuilder(1, LITERAL);
    const g = b.and(b.input(0), FALSE);
    const netlist = b.finish([b.xor(g, not(g))]);
    validateNetlist(netlist);
    expect([gateCount(netlist), ...levels(netlist)]).toEqual([2, 0, 0, 1, 2]);
    expect(() => validateNetlist({ ...netlist, fanin0: Uint32Array.of(0, literalOf(9)) })).toThrow(
      "later node",
    );
  });
});

describe("quantisation is that of the hardware", () => {
  const fixed = (signed: boolean, width: number, scale: number): HardwareType => ({
    kind: "fixed",
    signed,
    width,
    scale,
  });
  test.each([
    [fixed(false, 8, 1), 127.5, 128],
    [fixed(false, 8, 1), -3, 0],
    [fixed(false, 8, 1), 300, 255],
    [fixed(true, 4, 0.5), -1.25, -2],
    [fixed(true, 4, 0.5), -100, -8],
    [fixed(true, 4, 0.5), 100, 7],
    [{ kind: "boolean" } as const, 0.25, 1],
    [{ kind: "category", categories: ["a", "b"] } as const, -1, 2],
    [{ kind: "category", categories: ["a", "b"] } as const, 1, 1],
  ])("%j of %d is %d", (type, value, code) => {
    expect(quantise(type, value)).toBe(code);
    const [lowest, highest] = codeRange(type);
    expect(code >= lowest && code <= highest).toBe(true);
  });
  test("a value that is not finite is an error", () => {
    expect(() => quantise({ kind: "boolean" }, Number.NaN)).toThrow(RangeError);
  });
  test("three categories and the other need two wires", () => {
    expect(hardwareWidth({ kind: "category", categories: ["a", "b", "c"] })).toBe(2);
    expect(hardwareWidth({ kind: "category", categories: ["a", "b", "c", "d"] })).toBe(3);
  });
});

test("encoder bits of samples, 32 to a word", () => {
  const { encoder } = richDesign(1);
  expect([...featureOffsets(encoder)]).toEqual([0, 4, 9, 12, 13, 15]);
  const rows = Array.from({ length: 40 }, (_, s) => [s % 16, (s % 20) - 10, 0, s & 1, s % 4]);
  const bits = encodeSamples(encoder, rows.flat(), 40);
  rows.forEach((row, s) => {
    encoder.bits.forEach(({ feature, test: kind, value }, i) => {
      const expected = kind === "equals" ? row[feature] === value : row[feature]! >= value;
      expect((bits[i]![s >>> 5]! >>> (s & 31)) & 1).toBe(Number(expected));
    });
  });
  expect(() => encodeSamples(encoder, [1, 2], 1)).toThrow(RangeError);
});

test("the lowest class wins ties; weights and offsets count", () => {
  expect(argmax([1, 3, 3])).toBe(1);
  const readout = {
    ...groupSumReadout(["a", "b"], 4),
    offset: Int32Array.of(0, 1),
    weight: Int32Array.of(1, 1, -1, 3),
  };
  const votes = [0b011, 0b001, 0b110, 0b100].map((word) => Uint32Array.of(word));
  // Scores: (2, 1), (1, 0), (0, 3).
  expect([...classify(readout, votes, 3)]).toEqual([0, 0, 1]);
  expect(() => groupSumReadout(["a", "b"], 3)).toThrow(RangeError);
});
