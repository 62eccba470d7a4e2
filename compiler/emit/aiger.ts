import { GateKind } from "../ir/gate-functions.js";
import type { NamedNetlist } from "../ir/named-netlist.js";
import { firstGate, type Netlist, nodeCount } from "../ir/netlist.js";

/** An and-inverter graph: AND `k` is variable `1 + inputs + k`, and reads variables below it. */
interface Aig {
  readonly inputs: number;
  /** Shape `[ands]`, the larger literal of each. */
  readonly high: Uint32Array;
  /** Shape `[ands]`, the smaller literal of each. */
  readonly low: Uint32Array;
  /** Shape `[outputs]`, literals. */
  readonly outputs: Uint32Array;
}

/** Every XOR as three ANDs; nothing is simplified. */
function aigOf(netlist: Netlist): Aig {
  const xors = netlist.kind.reduce<number>((sum, kind) => sum + Number(kind === GateKind.Xor), 0);
  const ands = netlist.kind.length + 2 * xors;
  const [high, low] = [new Uint32Array(ands), new Uint32Array(ands)];
  const moved = new Uint32Array(nodeCount(netlist));
  for (let i = 0; i <= netlist.inputs; i++) moved[i] = 2 * i;
  let built = 0;
  const and = (a: number, b: number): number => {
    high[built] = Math.max(a, b);
    low[built] = Math.min(a, b);
    return 2 * (netlist.inputs + ++built);
  };
  const at = (literal: number): number => moved[literal >>> 1]! ^ (literal & 1);
  for (let g = 0; g < netlist.kind.length; g++) {
    const [a, b] = [at(netlist.fanin0[g]!), at(netlist.fanin1[g]!)];
    const isAnd = netlist.kind[g] === GateKind.And;
    moved[firstGate(netlist) + g] = isAnd ? and(a, b) : and(and(a, b) ^ 1, and(a ^ 1, b ^ 1) ^ 1);
  }
  return { inputs: netlist.inputs, high, low, outputs: netlist.outputs.map(at) };
}

/** `aig M I L O A`, or `aag` for ASCII. */
const header = (format: "aig" | "aag", { inputs, high, outputs }: Aig): string =>
  `${format} ${inputs + high.length} ${inputs} 0 ${outputs.length} ${high.length}\n`;

const outputLines = ({ outputs }: Aig): string => Array.from(outputs, (literal) => `${literal}\n`).join("");

/** Symbol table (none for a circuit without names) and comment section (none without lines). */
function symbols(circuit: NamedNetlist, comment: readonly string[]): string {
  const named = (letter: string, names: readonly string[]): string[] =>
    circuit.hasNames ? names.map((name, i) => `${letter}${i} ${name}\n`) : [];
  const lines = comment.length === 0 ? [] : ["c\n", ...comment.map((line) => `${line}\n`)];
  return [...named("i", circuit.inputNames), ...named("o", circuit.outputNames), ...lines].join("");
}

/**
 * Binary AIGER 1.9 (Biere, "The AIGER And-Inverter Graph (AIG) Format", 2007) with a symbol table. An XOR becomes
 * three ANDs.
 *
 * @param comment lines of the comment section.
 */
export function emitAiger(circuit: NamedNetlist, comment: readonly string[]): Uint8Array {
  const aig = aigOf(circuit.netlist);
  const encoder = new TextEncoder();
  return concatenate([
    encoder.encode(header("aig", aig) + outputLines(aig)),
    deltas(aig),
    encoder.encode(symbols(circuit, comment)),
  ]);
}

/** ASCII AIGER 1.9: the same graph as `emitAiger`, a line for each input, output and AND. */
export function emitAsciiAiger(circuit: NamedNetlist, comment: readonly string[]): string {
  const aig = aigOf(circuit.netlist);
  const lines = [header("aag", aig)];
  for (let i = 1; i <= aig.inputs; i++) lines.push(`${2 * i}\n`);
  lines.push(outputLines(aig));
  aig.high.forEach((high, k) => {
    lines.push(`${2 * (1 + aig.inputs + k)} ${high} ${aig.low[k]}\n`);
  });
  return lines.join("") + symbols(circuit, comment);
}

/** Every AND as two differences, seven bits a byte, low bits first. */
function deltas({ inputs, high, low }: Aig): Uint8Array {
  // Two differences of at most five bytes each.
  const bytes = new Uint8Array(10 * high.length);
  let at = 0;
  const push = (delta: number): void => {
    let rest = delta;
    for (; rest > 0x7f; rest >>>= 7) bytes[at++] = (rest & 0x7f) | 0x80;
    bytes[at++] = rest;
  };
  for (let k = 0; k < high.length; k++) {
    push(2 * (1 + inputs + k) - high[k]!);
    push(high[k]! - low[k]!);
  }
  return bytes.subarray(0, at);
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
