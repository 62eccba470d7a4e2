import { GateKind } from "../ir/gate-functions.js";
import { firstGate, type Netlist, nodeCount } from "../ir/netlist.js";
import { inputName, outputName } from "./blif.js";

/**
 * Binary AIGER 1.9 (Biere, "The AIGER And-Inverter Graph (AIG) Format", 2007) with a symbol table. An XOR becomes
 * three ANDs.
 *
 * @param comment lines of the comment section.
 */
export function emitAiger(netlist: Netlist, comment: readonly string[]): Uint8Array {
  const moved = new Uint32Array(nodeCount(netlist));
  for (let i = 0; i <= netlist.inputs; i++) moved[i] = 2 * i;
  const ands: [number, number][] = [];
  const and = (a: number, b: number): number => {
    ands.push(a > b ? [a, b] : [b, a]);
    return 2 * (netlist.inputs + ands.length);
  };
  const at = (literal: number): number => moved[literal >>> 1]! ^ (literal & 1);
  for (let g = 0; g < netlist.kind.length; g++) {
    const [a, b] = [at(netlist.fanin0[g]!), at(netlist.fanin1[g]!)];
    const isAnd = netlist.kind[g] === GateKind.And;
    moved[firstGate(netlist) + g] = isAnd ? and(a, b) : and(and(a, b) ^ 1, and(a ^ 1, b ^ 1) ^ 1);
  }
  const outputs = Array.from(netlist.outputs, at);
  const variables = netlist.inputs + ands.length;
  const head = `aig ${variables} ${netlist.inputs} 0 ${outputs.length} ${ands.length}\n${outputs.map((o) => `${o}\n`).join("")}`;
  const symbols = [
    ...Array.from({ length: netlist.inputs }, (_, i) => `i${i} ${inputName(i)}\n`),
    ...outputs.map((_, o) => `o${o} ${outputName(o)}\n`),
    `c\n${comment.map((line) => `${line}\n`).join("")}`,
  ];
  const encoder = new TextEncoder();
  return concatenate([encoder.encode(head), deltas(netlist.inputs, ands), encoder.encode(symbols.join(""))]);
}

/** Every AND as two differences, seven bits a byte, low bits first. */
function deltas(inputs: number, ands: readonly [number, number][]): Uint8Array {
  const bytes: number[] = [];
  const push = (delta: number): void => {
    let rest = delta;
    for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
    bytes.push(rest);
  };
  ands.forEach(([high, low], k) => {
    push(2 * (inputs + k + 1) - high);
    push(high - low);
  });
  return Uint8Array.from(bytes);
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
