import type { Literal } from "../../ir/literal.js";
import type { Contestant, Match, ReadoutCircuit } from "../../map/readout-circuit.js";
import { instance, moduleText, vector } from "./module.js";
import { type ModuleNames, voteNet } from "./names.js";

/** Keeps cells and matches as modules through synthesis: the proof cuts there. */
const KEEP = "keep_hierarchy";

/** The readout, its adder cells and its matches. @returns module name to text. */
export function emitReadout(
  circuit: ReadoutCircuit,
  names: ModuleNames,
  comment: readonly string[],
): Map<string, string> {
  const files = new Map<string, string>();
  const cell = (name: string, inputs: readonly string[], sum: string, carry: string): void => {
    const body = [`assign sum = ${sum};`, `assign carry = ${carry};`];
    files.set(name, moduleText({ comment, attribute: KEEP, name, inputs, outputs: ["sum", "carry"], body }));
  };
  cell(names.fullAdder, ["a", "b", "c"], "a ^ b ^ c", "(a & b) | (c & (a ^ b))");
  if (circuit.cells.some(({ inputs }) => inputs.length === 2))
    cell(names.halfAdder, ["a", "b"], "a ^ b", "a & b");
  if (!circuit.cells.some(({ inputs }) => inputs.length === 3)) files.delete(names.fullAdder);
  const last = circuit.matches.at(-1)!;
  files.set(names.lastMatch, emitMatch(last, true, names.lastMatch, comment));
  if (circuit.matches.length > 1)
    files.set(names.match, emitMatch(circuit.matches[0]!, false, names.match, comment));
  files.set(names.readout, emitBody(circuit, names, comment));
  return files;
}

function emitMatch({ a }: Match, last: boolean, name: string, comment: readonly string[]): string {
  const [score, index] = [a.score.length, a.index.length];
  const side = (letter: string): string[] => [
    vector(score, `score_${letter}`),
    vector(index, `index_${letter}`),
  ];
  return moduleText({
    comment: [
      ...comment,
      "The higher score goes on; of equal scores, side a, whose class indices are lower.",
    ],
    attribute: KEEP,
    name,
    inputs: [...side("a"), ...side("b")],
    outputs: last ? [vector(index, "index")] : [vector(score, "score"), vector(index, "index")],
    body: [
      "wire b_wins;",
      "assign b_wins = score_b > score_a;",
      "assign index = b_wins ? index_b : index_a;",
      ...(last ? [] : ["assign score = b_wins ? score_b : score_a;"]),
    ],
  });
}

function emitBody(circuit: ReadoutCircuit, names: ModuleNames, comment: readonly string[]): string {
  const read = (literal: Literal): string => {
    if (literal >>> 1 === 0) return literal === 1 ? "1'b1" : "1'b0";
    const net = literal >>> 1;
    return `${(literal & 1) === 1 ? "~" : ""}${net <= circuit.votes ? voteNet(net - 1) : `n${net}`}`;
  };
  const body = circuit.cells.flatMap(({ inputs, sum, carry }, k) => {
    const module = inputs.length === 3 ? names.fullAdder : names.halfAdder;
    const pins = inputs.map((literal, i) => `.${"abc"[i]}(${read(literal)})`).join(", ");
    return [
      `wire n${sum};`,
      `wire n${carry};`,
      `${module} a${k} (${pins}, .sum(n${sum}), .carry(n${carry}));`,
    ];
  });
  const joined = (bits: readonly Literal[]): string => `{${[...bits].reverse().map(read).join(", ")}}`;
  circuit.matches.forEach((match, m) => {
    const last = m === circuit.matches.length - 1;
    const pins = (side: Contestant, letter: string): [string, string][] => [
      [`score_${letter}`, joined(side.score)],
      [`index_${letter}`, joined(side.index)],
    ];
    const won: [string, string][] = last
      ? [["index", "class_index"]]
      : [
          ["score", joined(match.winner.score)],
          ["index", joined(match.winner.index)],
        ];
    if (!last)
      body.push(...[...match.winner.score, ...match.winner.index].map((literal) => `wire ${read(literal)};`));
    const module = last ? names.lastMatch : names.match;
    body.push(...instance(module, `m${m}`, [...pins(match.a, "a"), ...pins(match.b, "b"), ...won]));
  });
  return moduleText({
    comment,
    name: names.readout,
    inputs: Array.from({ length: circuit.votes }, (_, v) => voteNet(v)),
    outputs: [vector(circuit.winner.length, "class_index")],
    body,
  });
}
