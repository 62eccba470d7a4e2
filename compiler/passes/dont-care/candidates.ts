import type { EditableNetlist } from "../../ir/editable-netlist.js";
import { GateKind } from "../../ir/gate-functions.js";
import type { NodeValues } from "./node-values.js";

/** What could stand in a node's place: a literal, or a gate of two (complemented at its output). */
export type Candidate =
  | { readonly tag: "literal"; readonly literal: number }
  | {
      readonly tag: "gate";
      readonly kind: GateKind;
      readonly a: number;
      readonly b: number;
      readonly complement: boolean;
    };

/** A node's value where it is observed. */
export interface Target {
  readonly node: number;
  /** Shape `[words]`: observed and 1. */
  readonly on: Uint32Array;
  /** Shape `[words]`: observed and 0. */
  readonly off: Uint32Array;
}

export function targetOf(values: NodeValues, node: number, observed: Uint32Array): Target {
  const row = values.row(node);
  return {
    node,
    on: observed.map((word, w) => word & row[w]!),
    off: observed.map((word, w) => word & ~row[w]!),
  };
}

/**
 * Nodes near a node that may replace it or be read instead: those before it and those that read these, of no higher
 * level, nearest first.
 */
export function divisorsOf(netlist: EditableNetlist, node: number, limit: number): number[] {
  const before = [node];
  const seen = new Set(before);
  const divisors: number[] = [];
  const visit = (other: number): void => {
    if (seen.has(other) || netlist.level[other]! > netlist.level[node]!) return;
    seen.add(other);
    divisors.push(other);
  };
  for (let i = 0; i < before.length && divisors.length < limit; i++) {
    const gate = before[i]!;
    for (const fanin of [netlist.fanin0[gate]! >>> 1, netlist.fanin1[gate]! >>> 1]) {
      if (fanin === 0 || seen.has(fanin)) continue;
      visit(fanin);
      if (netlist.isGate(fanin)) before.push(fanin);
      for (const reader of netlist.fanouts[fanin]!.slice(0, limit)) visit(reader);
    }
  }
  return divisors;
}

/** Constants and divisors that agree with the target under every pattern. */
export function literalCandidates(
  values: NodeValues,
  target: Target,
  divisors: readonly number[],
): Candidate[] {
  return [0, ...divisors].flatMap((node) =>
    [2 * node, 2 * node + 1]
      .filter((literal) => agrees(values, target, literal))
      .map((literal) => ({ tag: "literal" as const, literal })),
  );
}

function agrees(values: NodeValues, { on, off }: Target, literal: number): boolean {
  return covers(values, on, literal) && covers(values, off, literal ^ 1);
}

/** Whether a literal is 1 under all the patterns given. */
function covers({ values, words }: NodeValues, patterns: Uint32Array, literal: number): boolean {
  const flip = -(literal & 1);
  const base = (literal >>> 1) * words;
  for (let w = 0; w < words; w++) if ((patterns[w]! & ~(values[base + w]! ^ flip)) !== 0) return false;
  return true;
}

/** Gates of two divisors that agree with the target under every pattern. */
export function gateCandidates(values: NodeValues, target: Target, divisors: readonly number[]): Candidate[] {
  const literals = divisors.flatMap((node) => [2 * node, 2 * node + 1]);
  return [
    ...conjunctions(values, target.on, target.off, literals, false),
    ...conjunctions(values, target.off, target.on, literals, true),
    ...differences(values, target, divisors),
  ];
}

/** `a & b` is 1 on `on` and 0 on `off`. */
function conjunctions(
  values: NodeValues,
  on: Uint32Array,
  off: Uint32Array,
  literals: readonly number[],
  complement: boolean,
): Candidate[] {
  const wide = literals.filter((literal) => covers(values, on, literal));
  const found: Candidate[] = [];
  for (let i = 0; i < wide.length; i++) {
    for (let j = i + 1; j < wide.length; j++) {
      if (disjoint(values, off, wide[i]!, wide[j]!))
        found.push({ tag: "gate", kind: GateKind.And, a: wide[i]!, b: wide[j]!, complement });
    }
  }
  return found;
}

function disjoint({ values, words }: NodeValues, patterns: Uint32Array, a: number, b: number): boolean {
  const [flipA, flipB] = [-(a & 1), -(b & 1)];
  const [baseA, baseB] = [(a >>> 1) * words, (b >>> 1) * words];
  for (let w = 0; w < words; w++) {
    if ((patterns[w]! & (values[baseA + w]! ^ flipA) & (values[baseB + w]! ^ flipB)) !== 0) return false;
  }
  return true;
}

/** `a ^ b`, or its complement, is the target. */
function differences(values: NodeValues, target: Target, divisors: readonly number[]): Candidate[] {
  const found: Candidate[] = [];
  for (let i = 0; i < divisors.length; i++) {
    for (let j = i + 1; j < divisors.length; j++) {
      const [a, b] = [2 * divisors[i]!, 2 * divisors[j]!];
      for (const complement of [false, true]) {
        if (differs(values, target, a, b, complement))
          found.push({ tag: "gate", kind: GateKind.Xor, a, b, complement });
      }
    }
  }
  return found;
}

function differs(
  { values, words }: NodeValues,
  { on, off }: Target,
  a: number,
  b: number,
  complement: boolean,
): boolean {
  const flip = complement ? -1 : 0;
  const [baseA, baseB] = [(a >>> 1) * words, (b >>> 1) * words];
  for (let w = 0; w < words; w++) {
    const value = values[baseA + w]! ^ values[baseB + w]! ^ flip;
    if ((on[w]! & ~value) !== 0 || (off[w]! & value) !== 0) return false;
  }
  return true;
}

/**
 * When a candidate and the node differ: conjunctions of literals of which one then holds. The candidate may stand in the
 * node's place if none of them can hold where the node is observed.
 */
export function differencesOf(candidate: Candidate, node: number): number[][] {
  const n = 2 * node;
  if (candidate.tag === "literal")
    return [
      [n, candidate.literal ^ 1],
      [n ^ 1, candidate.literal],
    ];
  const { a, b } = candidate;
  const m = candidate.complement ? n ^ 1 : n;
  if (candidate.kind === GateKind.And)
    return [
      [m ^ 1, a, b],
      [m, a ^ 1],
      [m, b ^ 1],
    ];
  return [
    [m, a, b],
    [m, a ^ 1, b ^ 1],
    [m ^ 1, a ^ 1, b],
    [m ^ 1, a, b ^ 1],
  ];
}
