import { describe, expect, test } from "vitest";
import { parseVectors, vectorsText } from "../../../compiler/emit/vectors.js";
import { randomDesign, richDesign } from "../../support/random-design.js";
import { classesOf, randomCodes } from "../../support/samples.js";

const designs = [
  ["rich", richDesign(1)],
  ["large", randomDesign(3, { inputs: 40, gates: 5000, outputs: 2000 })],
] as const;

describe("vectors", () => {
  test.each(designs)("are read back as they were written (%s)", (_name, design) => {
    const codes = randomCodes(design, 50, 1);
    const expected = classesOf(design, codes);
    const found = parseVectors(design, vectorsText(design, codes, expected))!;
    expect([...found.codes]).toEqual([...codes]);
    expect([...found.expected]).toEqual([...expected]);
  });
  test("a file that is cut, longer than it says or garbled is none", () => {
    const design = richDesign(1);
    const text = vectorsText(design, randomCodes(design, 5, 1), [0, 1, 2, 0, 1]);
    for (const bad of [
      "",
      text.slice(0, -4),
      `${text}00 0\n`,
      text.replace("5", "4"),
      text.replace(/ 1/, " x"),
    ]) {
      expect(parseVectors(design, bad)).toBeNull();
    }
  });
});
