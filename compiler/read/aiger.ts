import { GateKind } from "../ir/gate-functions.js";
import { type NamedNetlist, numberedNames } from "../ir/named-netlist.js";
import { noOrigin } from "../ir/netlist.js";
import { readAsciiGates, readBinaryGates } from "./aiger-gates.js";
import { ByteReader } from "./byte-reader.js";

/** More than this many nodes are refused: a miter holds two circuits, and literals are to fit its hash keys. */
const MAX_VARIABLES = 2 ** 24;
/** Inputs of a binary file take no bytes, so nothing in the file vouches for their number. */
const MAX_INPUTS = 2 ** 20;

/** The first line: `aig M I L O A` and up to four counts of AIGER 1.9. */
export interface AigerHeader {
  readonly variables: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly ands: number;
}

/**
 * Read AIGER 1.9, binary (`aig`) or ASCII (`aag`), without latches and without properties. The ANDs are taken as they
 * stand; in an ASCII file they may come in any order.
 *
 * @param where names the file in errors.
 * @param name of the circuit: the format holds none.
 * @throws {UserError} with the byte at which the file stops being AIGER.
 * @remarks Linear in time and memory; nothing is allocated that the file's size does not vouch for.
 */
export function readAiger(bytes: Uint8Array, where: string, name: string): NamedNetlist {
  const reader = new ByteReader(bytes, "aiger", where);
  const binary = readMagic(reader);
  const header = readHeader(reader, binary);
  const gates = binary ? readBinaryGates(reader, header) : readAsciiGates(reader, header);
  const symbols = readSymbols(reader, header);
  const named = (prefix: string, count: number, found: ReadonlyMap<number, string>): string[] =>
    numberedNames(prefix, count).map((fallback, i) => found.get(i) ?? fallback);
  return {
    name,
    netlist: {
      inputs: header.inputs,
      kind: new Uint8Array(header.ands).fill(GateKind.And),
      ...gates,
      origin: noOrigin(header.ands),
    },
    inputNames: named("i", header.inputs, symbols.inputs),
    outputNames: named("o", header.outputs, symbols.outputs),
    hasNames: symbols.inputs.size + symbols.outputs.size > 0,
  };
}

/** True for binary. */
function readMagic(reader: ByteReader): boolean {
  const magic = String.fromCharCode(...reader.bytes.subarray(0, 4));
  if (magic !== "aig " && magic !== "aag ") reader.fail("magic", '"aig " or "aag "', JSON.stringify(magic));
  reader.at = 3;
  return magic === "aig ";
}

function readHeader(reader: ByteReader, binary: boolean): AigerHeader {
  const field = (what: string, limit: number): number => {
    reader.expect(" ");
    return reader.number(what, limit);
  };
  const variables = field("a number of variables", MAX_VARIABLES);
  const inputs = field("a number of inputs", Math.min(variables, MAX_INPUTS));
  const latches = field("a number of latches", variables);
  if (latches > 0) reader.fail("latches", "a combinational circuit", `${latches} latches`);
  const outputs = field("a number of outputs", MAX_VARIABLES);
  const ands = field("a number of ANDs", variables - inputs);
  for (const what of ["bad states", "constraints", "justice properties", "fairness constraints"]) {
    if (reader.peek() !== 32) break;
    const count = field(`a number of ${what}`, MAX_VARIABLES);
    if (count > 0) reader.fail("properties", "a combinational circuit", `${count} ${what}`);
  }
  reader.expect("\n");
  if (binary && variables !== inputs + ands)
    reader.fail("header", `${inputs + ands} variables (inputs and ANDs)`, `${variables}`, 4);
  // The shortest lines: `0` and `2 0 0`; the shortest binary AND is two bytes.
  const least = 2 * outputs + (binary ? 2 * ands : 2 * inputs + 6 * ands);
  if (reader.left < least) {
    const found = `${reader.left}`;
    reader.fail(
      "truncated",
      `at least ${least} bytes for what the header announces`,
      found,
      reader.bytes.length,
    );
  }
  // Variables may be skipped in ASCII, but not without measure: there is a table over all of them.
  if (variables > Math.max(MAX_INPUTS, reader.bytes.length))
    reader.fail("header", `at most ${reader.bytes.length} variables in so short a file`, `${variables}`, 4);
  return { variables, inputs, outputs, ands };
}

interface Symbols {
  readonly inputs: Map<number, string>;
  readonly outputs: Map<number, string>;
}

/** Lines `i<k> <name>` and `o<k> <name>`, then the comment section, which is passed over. */
function readSymbols(reader: ByteReader, header: AigerHeader): Symbols {
  const symbols: Symbols = { inputs: new Map(), outputs: new Map() };
  while (!reader.atEnd) {
    const letter = String.fromCharCode(reader.peek());
    if (letter === "c") break;
    if (letter !== "i" && letter !== "o")
      reader.fail("symbol", 'a symbol ("i0 name", "o0 name") or the comment section ("c")');
    const [names, count] =
      letter === "i" ? [symbols.inputs, header.inputs] : [symbols.outputs, header.outputs];
    const from = reader.at++;
    const index = reader.number("a position", MAX_VARIABLES);
    if (index >= count)
      reader.fail("symbol", `a position below ${count} after "${letter}"`, `${index}`, from);
    if (names.has(index)) reader.fail("symbol", `one name for ${letter}${index}`, "a second one", from);
    reader.expect(" ");
    const name = reader.restOfLine();
    if (name === "") reader.fail("symbol", `a name for ${letter}${index}`, "none", from);
    names.set(index, name);
  }
  return symbols;
}
