import type { SolverFactory } from "../../sat/solver.js";
import { usedInputs } from "../emit/verilog/core.js";
import { bitNet, type ModuleNames, moduleNames, voteNet } from "../emit/verilog/names.js";
import { CLOCKED } from "../emit/verilog/registers.js";
import type { Design } from "../ir/design.js";
import { featureOffsets } from "../ir/encoder.js";
import type { Netlist } from "../ir/netlist.js";
import { indexWidth } from "../ir/readout.js";
import type { ReadoutCell } from "../map/readout-circuit.js";
import { elaborate, type PortBit } from "../read/elaborate.js";
import { choiceSides, comparisonShape, counterShape, readReadout } from "../read/readout.js";
import {
  driversOf,
  moduleNamed,
  parseYosysJson,
  ReadBackFault,
  requirePorts,
  type YosysModules,
} from "../read/yosys-json.js";
import { encoderSpecification } from "./encoder-specification.js";
import { checkEquivalent, type EquivalenceVerdict } from "./equivalence.js";
import { latencyOf } from "./latency.js";
import {
  type CellSpecification,
  choiceSpecification,
  comparisonSpecification,
  computes,
  counterSpecification,
} from "./readout-cells.js";
import { checkReadout } from "./readout-checker.js";
import { coreNetlist, encoderNetlist } from "./rtl-modules.js";
import { describeSweep } from "./sweep/statistics.js";
import { indexSpecification } from "./tournament.js";

export interface RtlPart {
  readonly part: string;
  readonly verdict: "proved" | "refuted" | "unknown";
  /** How it was proved, or what is wrong. */
  readonly how: string;
}

/** Two netlists that were compared, expected and found. */
export interface RtlMiter {
  readonly part: string;
  /** Encoder, core or a module's name. */
  readonly what: string;
  readonly expected: Netlist;
  readonly found: Netlist;
  readonly verdict: EquivalenceVerdict;
}

export interface RtlOptions {
  readonly createSolver: SolverFactory;
  readonly seed: number;
  readonly conflictBudget?: number;
  /** Registers on every path through the top; 0 when left out. */
  readonly latency?: number;
  readonly cancelled?: () => boolean;
  /** Called after each equivalence: of the encoder, the core, or the class index. */
  readonly onMiter?: (miter: RtlMiter) => void | Promise<void>;
  /** Called before each part. */
  readonly onPart: (part: string, index: number, parts: number) => void;
}

/**
 * Prove that Verilog, as Yosys reads it, computes the design from raw features to class index: ports and wiring of
 * the top exactly, encoder and core by equivalence, the readout by parts. Together the parts cover every module
 * between the ports, so that all of them proved means the whole is.
 *
 * @param json Yosys's JSON netlist of the emitted files.
 */
export async function proveRtl(
  design: Design,
  name: string,
  json: string,
  options: RtlOptions,
): Promise<RtlPart[]> {
  const names = moduleNames(name);
  const steps: readonly (readonly [
    string,
    (modules: YosysModules) => Promise<RtlPart["verdict"] | string> | string,
  ])[] = [
    ["top", (modules) => checkTop(modules, design, names, options.latency ?? 0)],
    ["encoder", (modules) => proveEncoder(modules, design, names, options)],
    ["core", (modules) => proveCore(modules, design, names, options)],
    ["cells", (modules) => proveCells(modules, names)],
    ["readout", (modules) => proveReadout(modules, design, names, options)],
  ];
  const parts: RtlPart[] = [];
  let modules: YosysModules | undefined;
  const read = (): YosysModules => {
    modules ??= parseYosysJson(json);
    return modules;
  };
  for (const [index, [part, prove]] of steps.entries()) {
    options.onPart(part, index, steps.length);
    parts.push({ part, ...(await judge(async () => prove(read()))) });
  }
  return parts;
}

class Unproved extends Error {
  constructor(
    readonly verdict: "refuted" | "unknown",
    reason: string,
  ) {
    super(reason);
  }
}

async function judge(prove: () => Promise<string>): Promise<Omit<RtlPart, "part">> {
  try {
    return { verdict: "proved", how: await prove() };
  } catch (error) {
    if (error instanceof ReadBackFault) return { verdict: "refuted", how: error.message };
    if (error instanceof Unproved) return { verdict: error.verdict, how: error.message };
    throw error;
  }
}

const scalars = (nets: readonly string[]): Map<string, number> => new Map(nets.map((net) => [net, 1]));
const votesOf = (design: Design): string[] => Array.from(design.core.outputs, (_, v) => voteNet(v));

/** The top holds three instances and nothing else, each pin on the net of its name. */
function checkTop(modules: YosysModules, design: Design, names: ModuleNames, latency: number): string {
  const top = moduleNamed(modules, names.top);
  const features = new Map([["features", featureOffsets(design.encoder).at(-1)!]]);
  const index = new Map([["class_index", indexWidth(design.readout.classNames.length)]]);
  const bits = scalars(usedInputs(design.core).map(bitNet));
  const votes = scalars(votesOf(design));
  const clocked = (module: string): Map<string, number> =>
    moduleNamed(modules, module).ports["clk"] === undefined ? new Map() : scalars(CLOCKED);
  requirePorts(top, names.top, new Map([...clocked(names.top), ...features]), index);
  requirePorts(moduleNamed(modules, names.encoder), names.encoder, features, bits);
  requirePorts(
    moduleNamed(modules, names.core),
    names.core,
    new Map([...clocked(names.core), ...bits]),
    votes,
  );
  requirePorts(
    moduleNamed(modules, names.readout),
    names.readout,
    new Map([...clocked(names.readout), ...votes]),
    index,
  );
  driversOf(modules, names.top);
  const nets = new Map(Object.keys(top.ports).map((port) => [port, top.ports[port]!.bits.join()]));
  const cells = Object.values(top.cells);
  const types = cells.map(({ type }) => type).sort();
  if (types.join() !== [names.encoder, names.core, names.readout].sort().join()) {
    throw new ReadBackFault(
      `${names.top}: expected one encoder, core and readout but found ${types.join(", ") || "nothing"}`,
    );
  }
  for (const { type, connections } of cells) {
    for (const port of Object.keys(moduleNamed(modules, type).ports)) {
      const found = connections[port]?.join();
      const wanted = nets.get(port) ?? found;
      if (found === undefined || found !== wanted)
        throw new ReadBackFault(`${names.top}: pin ${port} of ${type} is on another net`);
      nets.set(port, found);
    }
  }
  const found = latencyOf(modules, names.top);
  if (found !== latency)
    throw new ReadBackFault(`${names.top}: expected ${latency} registers on every path but found ${found}`);
  const registers = latency === 0 ? "no register in it" : `every path crosses exactly ${latency} registers`;
  return `ports and ${nets.size} connections are exactly those of the design; ${registers}`;
}

async function compare(
  part: string,
  name: string,
  expected: Netlist,
  found: Netlist,
  what: (output: number) => string,
  options: RtlOptions,
): Promise<string> {
  const verdict = await checkEquivalent(expected, found, options);
  await options.onMiter?.({ part, what: name, expected, found, verdict });
  if (verdict.tag === "refuted") throw new Unproved("refuted", `${what(verdict.output)} differs`);
  if (verdict.tag === "unknown") {
    throw new Unproved(
      "unknown",
      `${verdict.outputs.length} outputs undecided (${verdict.reason}), first ${what(verdict.outputs[0]!)}`,
    );
  }
  return `${found.outputs.length} outputs; ${describeSweep(verdict.statistics)}`;
}

function proveEncoder(
  modules: YosysModules,
  design: Design,
  names: ModuleNames,
  options: RtlOptions,
): Promise<string> {
  const used = usedInputs(design.core);
  const found = encoderNetlist(modules, design, names);
  return compare(
    "encoder",
    "encoder",
    encoderSpecification(design.encoder, used),
    found,
    (o) => `encoder bit ${used[o]}`,
    options,
  );
}

function proveCore(
  modules: YosysModules,
  design: Design,
  names: ModuleNames,
  options: RtlOptions,
): Promise<string> {
  return compare(
    "core",
    "core",
    design.core,
    coreNetlist(modules, design, names),
    (o) => `core output ${o}`,
    options,
  );
}

/** A module as a netlist of its ports in this order. */
function moduleNetlist(
  modules: YosysModules,
  name: string,
  inputs: ReadonlyMap<string, number>,
  outputs: ReadonlyMap<string, number>,
): Netlist {
  requirePorts(moduleNamed(modules, name), name, inputs, outputs);
  const bits = (ports: ReadonlyMap<string, number>): PortBit[] =>
    [...ports].flatMap(([port, width]) =>
      Array.from({ length: width }, (_, index): PortBit => [port, index]),
    );
  const bound = bits(inputs).map((bit, input) => ({ bit, input }));
  return elaborate(modules, name, bound, bound.length, bits(outputs));
}

/** Every module of the kind does what cells of that kind do, on all input patterns. */
function proveCells(modules: YosysModules, names: ModuleNames): string {
  let cells = 0;
  for (const name of modules.keys()) {
    const kind = names.cellKind(name);
    if (kind === null) continue;
    cells++;
    const { inputs, outputs, specification } = cellContract(modules, name, kind);
    const found = moduleNetlist(modules, name, scalars(inputs), scalars(outputs));
    if (!computes(found, specification)) throw new ReadBackFault(`${name} does not do what a ${kind} does`);
  }
  return `${cells} cells on all their input patterns`;
}

function cellContract(
  modules: YosysModules,
  name: string,
  kind: ReadoutCell["tag"],
): { inputs: string[]; outputs: string[]; specification: CellSpecification } {
  const numbered = (letter: string, count: number): string[] =>
    Array.from({ length: count }, (_, i) => `${letter}${i}`);
  if (kind === "counter") {
    const { columns, outputs } = counterShape(modules, name);
    const heights = columns.map(({ length }) => length);
    const specification = counterSpecification(heights, outputs.length);
    return { inputs: columns.flat(), outputs: [...outputs], specification };
  }
  if (kind === "choice") {
    const sides = choiceSides(modules, name);
    const inputs = [...numbered("win", sides === 2 ? 1 : 3), ...numbered("s", sides)];
    return { inputs, outputs: ["winner"], specification: choiceSpecification(sides) };
  }
  const { bits, below } = comparisonShape(modules, name);
  return {
    inputs: [...numbered("a", bits), ...numbered("b", bits), ...(below ? ["below"] : [])],
    outputs: ["higher"],
    specification: comparisonSpecification(bits),
  };
}

/** The wiring of the cells, and the class index from the results of the matches. */
async function proveReadout(
  modules: YosysModules,
  { core, readout }: Design,
  names: ModuleNames,
  options: RtlOptions,
): Promise<string> {
  const circuit = readReadout(modules, names, core.outputs.length, voteNet);
  const contest = checkReadout(circuit, readout);
  if (typeof contest === "string") throw new ReadBackFault(`${names.readout}: ${contest}`);
  const width = indexWidth(readout.classNames.length);
  const ports = circuit.results.flatMap((wins, m) => wins.map((_, pair) => `m${m}_${pair}`));
  const found = moduleNetlist(modules, names.index, scalars(ports), new Map([["class_index", width]]));
  const how = await compare(
    "readout",
    names.index,
    indexSpecification(contest, circuit.results, width),
    found,
    (o) => `bit ${o} of the class index`,
    options,
  );
  return `${circuit.cells.length} cells add up the scores and play ${circuit.results.length} matches in class order; class index: ${how}`;
}
