import type { Netlist } from "../ir/netlist.js";
import type { AigerHeader } from "./aiger.js";
import type { ByteReader } from "./byte-reader.js";
import { topologicalOrder } from "./topological.js";

type Gates = Pick<Netlist, "fanin0" | "fanin1" | "outputs">;

/** Output literals, then every AND as two differences of seven bits a byte: variable `k` is node `k`. */
export function readBinaryGates(
  reader: ByteReader,
  { variables, inputs, outputs, ands }: AigerHeader,
): Gates {
  const literals = new Uint32Array(outputs);
  for (let o = 0; o < outputs; o++) literals[o] = readLiteral(reader, variables);
  const [fanin0, fanin1] = [new Uint32Array(ands), new Uint32Array(ands)];
  for (let k = 0; k < ands; k++) {
    const literal = 2 * (inputs + 1 + k);
    const high = literal - readDelta(reader, 1, literal);
    fanin0[k] = high;
    fanin1[k] = high - readDelta(reader, 0, high);
  }
  return { fanin0, fanin1, outputs: literals };
}

/** A number of seven bits a byte, low ones first, the top bit set on all bytes but the last. */
function readDelta(reader: ByteReader, least: number, most: number): number {
  const from = reader.at;
  let value = 0;
  for (let scale = 1; ; scale *= 128) {
    const byte = reader.peek();
    if (byte < 0) reader.fail("truncated", "the rest of the ANDs");
    reader.at++;
    value += (byte & 0x7f) * scale;
    if (value > most || (byte >= 0x80 && scale > most)) break;
    if (byte < 0x80) {
      if (value < least) break;
      return value;
    }
  }
  return reader.fail(
    "range",
    `a difference of ${least} to ${most}`,
    value > most ? `at least ${value}` : `${value}`,
    from,
  );
}

/** A line with one literal. */
function readLiteral(reader: ByteReader, variables: number): number {
  const literal = reader.number("a literal", 2 * variables + 1);
  reader.expect("\n");
  return literal;
}

/** Inputs, outputs, then a line `lhs rhs0 rhs1` an AND, in any order and with any numbering. */
export function readAsciiGates(reader: ByteReader, { variables, inputs, outputs, ands }: AigerHeader): Gates {
  // Variable to what defines it: -1 nothing, 0 the constant, 1..inputs, then inputs + 1 + AND.
  const definition = new Int32Array(variables + 1).fill(-1);
  definition[0] = 0;
  const define = (literal: number, node: number, at: number): void => {
    if (literal < 2 || (literal & 1) === 1)
      reader.fail("literal", "an even literal above 0 to define", `${literal}`, at);
    if (definition[literal >>> 1]! >= 0)
      reader.fail("literal", "one definition of each variable", `a second one of ${literal}`, at);
    definition[literal >>> 1] = node;
  };
  for (let i = 1; i <= inputs; i++) {
    const at = reader.at;
    define(readLiteral(reader, variables), i, at);
  }
  const literals = new Uint32Array(outputs);
  const outputsAt = reader.at;
  for (let o = 0; o < outputs; o++) literals[o] = readLiteral(reader, variables);
  const fanins = new Uint32Array(2 * ands);
  const lineAt = new Uint32Array(ands);
  for (let k = 0; k < ands; k++) {
    lineAt[k] = reader.at;
    const left = reader.number("a literal", 2 * variables + 1);
    reader.expect(" ");
    fanins[2 * k] = reader.number("a literal", 2 * variables + 1);
    reader.expect(" ");
    fanins[2 * k + 1] = readLiteral(reader, variables);
    define(left, inputs + 1 + k, lineAt[k]!);
  }
  const defined = (literal: number, at: number): number => {
    const node = definition[literal >>> 1]!;
    if (node < 0) reader.fail("undefined", "a literal that an input or AND defines", `${literal}`, at);
    return node;
  };
  const node = inOrder(reader, inputs, fanins, lineAt, defined);
  const moved = (literal: number): number => 2 * node(definition[literal >>> 1]!) + (literal & 1);
  const [fanin0, fanin1] = [new Uint32Array(ands), new Uint32Array(ands)];
  for (let k = 0; k < ands; k++) {
    const g = node(inputs + 1 + k) - inputs - 1;
    fanin0[g] = moved(fanins[2 * k]!);
    fanin1[g] = moved(fanins[2 * k + 1]!);
  }
  for (const literal of literals) defined(literal, outputsAt);
  return { fanin0, fanin1, outputs: literals.map(moved) };
}

/** The node of each definition once the ANDs are in topological order. */
function inOrder(
  reader: ByteReader,
  inputs: number,
  fanins: Uint32Array,
  lineAt: Uint32Array,
  defined: (literal: number, at: number) => number,
): (definition: number) => number {
  const ands = lineAt.length;
  const reads = Int32Array.from(fanins, (literal, i) =>
    Math.max(-1, defined(literal, lineAt[i >>> 1]!) - inputs - 1),
  );
  const sorted = topologicalOrder({ start: Uint32Array.from({ length: ands + 1 }, (_, k) => 2 * k), reads });
  if ("cycle" in sorted)
    return reader.fail("cycle", "no AND that depends on itself", "one", lineAt[sorted.cycle]!);
  const place = new Uint32Array(ands);
  sorted.order.forEach((k, g) => {
    place[k] = g;
  });
  return (definition) => (definition <= inputs ? definition : inputs + 1 + place[definition - inputs - 1]!);
}
