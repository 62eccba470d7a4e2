import type { Literal } from "../../ir/literal.js";
import { indexWidth } from "../../ir/readout.js";
import { cellInputs, cellOutputs, type Match, type ReadoutCircuit } from "../../map/readout-circuit.js";
import type { PipelinePlan } from "../../pipeline/plan.js";
import { instance, moduleText, vector } from "./module.js";
import { type ModuleNames, voteNet } from "./names.js";
import { cellModule, cellPorts, cellText, KEEP } from "./readout-cells.js";
import { CLOCKED, Registers } from "./registers.js";

/** Port of the index module: result `pair` of match `match`. */
export const resultPort = (match: number, pair: number): string => `m${match}_${pair}`;

/**
 * The readout, its cells and the module that makes the class index.
 *
 * @param plan where registers are; null for none.
 * @returns module name to text.
 */
export function emitReadout(
  circuit: ReadoutCircuit,
  names: ModuleNames,
  comment: readonly string[],
  plan: PipelinePlan | null = null,
): Map<string, string> {
  const files = new Map<string, string>();
  for (const cell of circuit.cells) {
    const name = cellModule(cell, names);
    if (!files.has(name)) files.set(name, cellText(cell, names, comment));
  }
  const classes = classesOf(circuit.matches);
  files.set(names.index, emitIndex(circuit.matches, classes, names, comment));
  files.set(names.readout, emitBody(circuit, classes, names, comment, plan));
  return files;
}

const classesOf = (matches: readonly Match[]): number =>
  matches.flatMap(({ sides }) => sides).filter(({ tag }) => tag === "class").length;

function emitIndex(
  matches: readonly Match[],
  classes: number,
  names: ModuleNames,
  comment: readonly string[],
): string {
  const width = indexWidth(classes);
  const body = matches.flatMap(({ sides, wins }, m) => {
    const [a, b, c] = sides.map((side) =>
      side.tag === "class" ? `${width}'d${side.cls}` : `index_${side.match}`,
    );
    const [first, last, lastOverSecond] = wins.map((_, p) => resultPort(m, p));
    const ofTwo = `${first} ? ${b} : ${a}`;
    const index = c === undefined ? ofTwo : `(${first} ? ${lastOverSecond} : ${last}) ? ${c} : ${ofTwo}`;
    return [`wire ${vector(width, `index_${m}`)};`, `assign index_${m} = ${index};`];
  });
  return moduleText({
    comment: [...comment, "The class that wins the tournament; of equal scores, the lowest class."],
    attribute: KEEP,
    name: names.index,
    inputs: matches.flatMap(({ wins }, m) => wins.map((_, p) => resultPort(m, p))),
    outputs: [vector(width, "class_index")],
    body: [...body, `assign class_index = index_${matches.length - 1};`],
  });
}

function emitBody(
  circuit: ReadoutCircuit,
  classes: number,
  names: ModuleNames,
  comment: readonly string[],
  plan: PipelinePlan | null,
): string {
  const registers = new Registers();
  const stageOf = (net: number): number => plan?.netStage[net] ?? 0;
  /** A literal as it is read in a stage. */
  const read = (literal: Literal, stage: number): string => {
    if (literal >>> 1 === 0) return literal === 1 ? "1'b1" : "1'b0";
    const net = literal >>> 1;
    const name = net <= circuit.votes ? voteNet(net - 1) : `n${net}`;
    return `${(literal & 1) === 1 ? "~" : ""}${registers.read(name, stage - stageOf(net))}`;
  };
  const instances = circuit.cells.flatMap((cell, k) => {
    const ports = cellPorts(cell);
    const outputs = cellOutputs(cell);
    const pins = [
      ...cellInputs(cell).map(
        (literal, i) => [ports.inputs[i]!, read(literal, stageOf(outputs[0]!))] as const,
      ),
      ...outputs.map((net, i) => [ports.outputs[i]!, `n${net}`] as const),
    ];
    return instance(cellModule(cell, names), `c${k}`, pins);
  });
  const results = circuit.matches.flatMap(({ wins }, m) =>
    wins.map((literal, p) => [resultPort(m, p), read(literal, plan?.indexStage ?? 0)] as const),
  );
  const width = indexWidth(classes);
  const answers = new Registers(width);
  const latency = plan === null ? 0 : plan.latency - plan.coreLatency;
  const answer = answers.read("index", latency - (plan?.indexStage ?? 0));
  return moduleText({
    comment,
    name: names.readout,
    inputs: [...(latency > 0 ? CLOCKED : []), ...Array.from({ length: circuit.votes }, (_, v) => voteNet(v))],
    outputs: [vector(width, "class_index")],
    body: [
      ...circuit.cells.flatMap(cellOutputs).map((net) => `wire n${net};`),
      ...registers.lines(),
      ...instances,
      `wire ${vector(width, "index")};`,
      ...instance(names.index, "elected", [...results, ["class_index", "index"]]),
      ...answers.lines(),
      `assign class_index = ${answer};`,
    ],
  });
}
