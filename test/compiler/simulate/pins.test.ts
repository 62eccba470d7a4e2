import { expect, test } from "vitest";
import { emitVerilog } from "../../../compiler/emit/verilog/design.js";
import { emitInterface, outermostModule } from "../../../compiler/emit/verilog/interface/interface.js";
import { INTERFACES, type Interface } from "../../../compiler/emit/verilog/interface/kinds.js";
import { plainStyle } from "../../../compiler/map/counter.js";
import {
  moduleNamed,
  parseYosysJson,
  ReadBackFault,
  type YosysModule,
} from "../../../compiler/read/yosys-json.js";
import { ClockedCircuit } from "../../../compiler/simulate/clocked.js";
import { mismatchesThroughPins } from "../../../compiler/simulate/through-pins.js";
import { simulationModule } from "../../../src/simulate/module.js";
import { samplesThroughPins } from "../../../src/simulate/through-pins.js";
import { PLAIN_REGISTERS } from "../../../src/tools/synthesis-scripts.js";
import { runYosys } from "../../../src/tools/yosys.js";
import { wideDesign } from "../../support/random-design.js";
import { classesOf, randomCodes } from "../../support/samples.js";

const { signal } = new AbortController();
const samples = 700;

const design = wideDesign();
const codes = randomCodes(design, samples, 7);
const expected = Float64Array.from(classesOf(design, codes));

const optionsOf = (kind: Interface) =>
  ({ kind, lanes: 2, latency: { core: 0, readout: 0 }, divisor: 5 }) as const;

const nameOf = (kind: Interface): string => `d${INTERFACES.indexOf(kind)}`;

/** The outermost module of every interface, flat, with plain flip-flops; all in one run of Yosys. */
async function readCircuits(): Promise<Map<Interface, YosysModule>> {
  const texts = INTERFACES.flatMap((kind) => [
    ...emitVerilog(design, nameOf(kind), [], plainStyle(4)),
    ...emitInterface(design, nameOf(kind), [], optionsOf(kind)),
  ]);
  const files = Object.fromEntries(texts);
  const read = INTERFACES.map((kind) =>
    [
      `design -load all; hierarchy -top ${outermostModule(nameOf(kind), kind)}; proc`,
      ...["setattr -mod -unset keep_hierarchy", "flatten", "techmap", ...PLAIN_REGISTERS],
      `write_json ${kind}.json`,
    ].join("; "),
  );
  const script = [`read_verilog ${Object.keys(files).join(" ")}; design -save all`, ...read].join("; ");
  const outputs = INTERFACES.map((kind) => `${kind}.json`);
  const answer = await runYosys({ files, script, outputs }, { native: false, signal });
  if ("error" in answer) throw new Error(answer.error);
  return new Map(
    INTERFACES.map((kind) => {
      const modules = parseYosysJson(answer.outputs[`${kind}.json`]!);
      return [kind, moduleNamed(modules, outermostModule(nameOf(kind), kind))];
    }),
  );
}

const circuits = await readCircuits();

test.each(INTERFACES)(
  "%s: every sample's class comes back through the pins, and a wrong gate is seen",
  async (kind) => {
    const [options, circuit] = [optionsOf(kind), circuits.get(kind)!];
    const clock = ["clk", "aclk"].find((port) => port in circuit.ports) ?? null;
    const run = { circuit, clock, design, options, codes: Int32Array.from(codes), expected };
    expect(await samplesThroughPins(run, signal)).toEqual({ mismatches: 0 });
    // Every class but the right one is a mismatch.
    const shifted = expected.map((cls) => (cls + 1) % design.readout.classNames.length);
    expect(mismatchesThroughPins(simulationModule(), { ...run, expected: shifted })).toBe(samples);
    const ands = Object.entries(circuit.cells).filter(([, { type }]) => type === "$_AND_");
    const caught = ands.slice(0, 20).filter(([name, cell]) => {
      const cells = { ...circuit.cells, [name]: { ...cell, type: "$_OR_" } };
      return mismatchesThroughPins(simulationModule(), { ...run, circuit: { ...circuit, cells } }) > 0;
    });
    expect(caught.length).toBeGreaterThan(0);
  },
);

test("a flip-flop on another clock, or none of Yosys's plain ones, is refused", () => {
  const flipFlop = (type: string, C: number): YosysModule => ({
    ports: {
      c: { direction: "input", bits: [2] },
      d: { direction: "input", bits: [3] },
      q: { direction: "output", bits: [4] },
    },
    cells: { r: { type, connections: { C: [C], D: [3], Q: [4] } } },
  });
  const circuit = new ClockedCircuit(simulationModule(), flipFlop("$_DFF_P_", 2), "c");
  circuit.drive("d", 0, 1);
  const seen = [0, 1, 2].map(() => {
    circuit.step();
    return circuit.read("q", 0)[0];
  });
  expect(seen).toEqual([0, 0xffff_ffff, 0xffff_ffff]);
  expect(() => circuit.drive("e", 0, 1)).toThrow(ReadBackFault);
  for (const wrong of [flipFlop("$_DFF_N_", 2), flipFlop("$_DFF_P_", 3)])
    expect(() => new ClockedCircuit(simulationModule(), wrong, "c")).toThrow(ReadBackFault);
});
