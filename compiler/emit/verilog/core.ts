import { GateKind } from "../../ir/gate-functions.js";
import { firstGate, levels, liveGates, type Netlist, nodeCount } from "../../ir/netlist.js";
import type { PipelinePlan } from "../../pipeline/plan.js";
import { instance, moduleText } from "./module.js";
import { bitNet, type ModuleNames, nodeNet, voteNet } from "./names.js";
import { CLOCKED, Registers } from "./registers.js";

/** Gates a module: small enough for every tool, large enough that ports stay few. */
const PART_GATES = 2000;

/** Primary inputs that some output depends on, ascending. */
export function usedInputs(core: Netlist): number[] {
  const used = new Uint8Array(core.inputs);
  const mark = (literal: number): void => {
    const node = literal >>> 1;
    if (node >= 1 && node <= core.inputs) used[node - 1] = 1;
  };
  liveGates(core).forEach((live, g) => {
    if (live === 0) return;
    mark(core.fanin0[g]!);
    mark(core.fanin1[g]!);
  });
  core.outputs.forEach(mark);
  return Array.from(used.keys()).filter((i) => used[i] === 1);
}

/**
 * The core: one scalar wire and one short line for every gate that an output depends on, split by stages and ranges of
 * levels into combinational modules with scalar ports. Registers are between those, in the core's own module.
 *
 * @param plan where registers are; null for none.
 * @returns module name to text.
 */
export function emitCore(
  core: Netlist,
  names: ModuleNames,
  comment: readonly string[],
  plan: PipelinePlan | null = null,
): Map<string, string> {
  const first = firstGate(core);
  const net = (node: number): string => nodeNet(node, first);
  const stage = plan?.coreStage ?? new Uint16Array(first + core.kind.length);
  const registers = new Registers();
  const files = new Map<string, string>();
  const instances: string[] = [];
  const crossing: string[] = [];
  splitByLevel(core, stage).forEach((part, p) => {
    files.set(names.part(p), emitPart(core, part, net, names.part(p), comment));
    const own = stage[first + part.gates[0]!]!;
    const outputs = part.outputs.map(net);
    const pins = [
      ...part.inputs.map((node) => [net(node), registers.read(net(node), own - stage[node]!)] as const),
      ...outputs.map((port) => [port, port] as const),
    ];
    instances.push(...instance(names.part(p), `p${p}`, pins));
    crossing.push(...outputs);
  });
  const latency = plan?.coreLatency ?? 0;
  const votes = Array.from(core.outputs, (literal, v) => {
    const value = (node: number): string => registers.read(net(node), latency - stage[node]!);
    return `assign ${voteNet(v)} = ${readLiteral(literal, value)};`;
  });
  const body = [...crossing.map((wire) => `wire ${wire};`), ...registers.lines(), ...instances, ...votes];
  const ports = {
    inputs: [...(latency > 0 ? CLOCKED : []), ...usedInputs(core).map(bitNet)],
    outputs: Array.from(core.outputs, (_, v) => voteNet(v)),
  };
  files.set(names.core, moduleText({ comment, name: names.core, ...ports, body }));
  return files;
}

const readLiteral = (literal: number, net: (node: number) => string): string => {
  if (literal >>> 1 === 0) return literal === 1 ? "1'b1" : "1'b0";
  return `${(literal & 1) === 1 ? "~" : ""}${net(literal >>> 1)}`;
};

function emitPart(
  core: Netlist,
  { gates, inputs, outputs }: CorePart,
  net: (node: number) => string,
  name: string,
  comment: readonly string[],
): string {
  const shown = new Set(outputs);
  const body = gates.flatMap((g) => {
    const wire = shown.has(firstGate(core) + g) ? [] : [`wire n${g};`];
    return [...wire, `assign n${g} = ${expression(core, g, (literal) => readLiteral(literal, net))};`];
  });
  return moduleText({ comment, name, inputs: inputs.map(net), outputs: outputs.map(net), body });
}

function expression(core: Netlist, g: number, read: (literal: number) => string): string {
  const [a, b] = [core.fanin0[g]!, core.fanin1[g]!];
  if (core.kind[g] === GateKind.And) return `${read(a)} & ${read(b)}`;
  return ((a ^ b) & 1) === 1 && a >>> 1 !== 0 && b >>> 1 !== 0
    ? `~(${read(a & ~1)} ^ ${read(b & ~1)})`
    : `${read(a)} ^ ${read(b)}`;
}

/** A module `_core_p<n>`: its gates, nodes that it reads from outside and nodes that others read, all ascending. */
export interface CorePart {
  readonly gates: readonly number[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/**
 * The live gates by stages and ranges of levels.
 *
 * @param stage shape `[nodes]`: in which stage each gate is; a part is of one stage.
 */
export function splitByLevel(
  core: Netlist,
  stage: Uint16Array = new Uint16Array(nodeCount(core)),
): CorePart[] {
  const first = firstGate(core);
  const level = levels(core);
  const live = liveGates(core);
  const order = Array.from(core.kind.keys())
    .filter((g) => live[g] === 1)
    .sort((x, y) => stage[first + x]! - stage[first + y]! || level[first + x]! - level[first + y]! || x - y);
  const groups: number[][] = [];
  for (const g of order) {
    const group = groups.at(-1);
    const fits = group !== undefined && group.length < PART_GATES;
    if (fits && stage[first + group[0]!] === stage[first + g]) group.push(g);
    else groups.push([g]);
  }
  const partOf = new Int32Array(first + core.kind.length).fill(-1);
  groups.forEach((gates, p) => {
    for (const g of gates) partOf[first + g] = p;
  });
  const inputs = groups.map(() => new Set<number>());
  const outputs = groups.map(() => new Set<number>());
  const cross = (node: number, reader: number): void => {
    if (node === 0 || partOf[node] === reader) return;
    if (reader >= 0) inputs[reader]!.add(node);
    if (partOf[node]! >= 0) outputs[partOf[node]!]!.add(node);
  };
  for (const g of order) {
    cross(core.fanin0[g]! >>> 1, partOf[first + g]!);
    cross(core.fanin1[g]! >>> 1, partOf[first + g]!);
  }
  for (const literal of core.outputs) cross(literal >>> 1, -1);
  const sorted = (nodes: Set<number>): number[] => [...nodes].sort((x, y) => x - y);
  return groups.map((gates, p) => ({ gates, inputs: sorted(inputs[p]!), outputs: sorted(outputs[p]!) }));
}
