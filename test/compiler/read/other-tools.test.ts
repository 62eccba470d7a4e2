import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { emitAiger, emitAsciiAiger } from "../../../compiler/emit/aiger.js";
import { emitBlif } from "../../../compiler/emit/blif.js";
import { type NamedNetlist, namedCore } from "../../../compiler/ir/named-netlist.js";
import { readAiger } from "../../../compiler/read/aiger.js";
import { readBlif } from "../../../compiler/read/blif.js";
import { matchPorts } from "../../../compiler/verify/match-ports.js";
import { temporaryFolder, writeIn } from "../../support/folder.js";
import { testWithTool } from "../../support/native-tool.js";
import { randomDesign, seeds } from "../../support/random-design.js";
import { sameFunction } from "../../support/same-function.js";

const circuitOf = (seed: number): NamedNetlist =>
  namedCore(randomDesign(seed, { inputs: 6, gates: 50, outputs: 6 }).core, "m");
const readBack = (path: string): NamedNetlist =>
  (path.endsWith(".blif") ? readBlif : readAiger)(readFileSync(path), path, "m");

/** What a tool wrote is the circuit that it was given, under the same names. */
function expectSame(circuit: NamedNetlist, path: string): void {
  const found = readBack(path);
  const { other } = matchPorts({ where: "given", circuit }, { where: path, circuit: found }, "name");
  expect(sameFunction(circuit.netlist, other), path).toBe(true);
}

function run(program: string, args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8" });
  expect(status, `${stdout}${stderr}`).toBe(0);
}

testWithTool("berkeley-abc").each(seeds(5))(
  "ABC reads what we write, and we what it writes (seed %i)",
  (seed) => {
    const circuit = circuitOf(seed);
    const folder = temporaryFolder();
    const inputs = [
      writeIn(folder, "a.aig", emitAiger(circuit, [])),
      writeIn(folder, "a.blif", emitBlif(circuit, [])),
    ];
    for (const file of inputs) {
      const [aig, mapped] = [join(folder, "out.aig"), join(folder, "out.blif")];
      run("berkeley-abc", [
        "-c",
        `read ${file}; strash; write_aiger -s ${aig}; if -K 4; write_blif ${mapped}`,
      ]);
      expectSame(circuit, aig);
      expectSame(circuit, mapped);
    }
  },
);

testWithTool("yosys").each(seeds(3))("Yosys reads what we write, and we what it writes (seed %i)", (seed) => {
  const circuit = circuitOf(seed);
  const folder = temporaryFolder();
  const inputs = [
    ["read_aiger", writeIn(folder, "a.aig", emitAiger(circuit, []))],
    ["read_aiger", writeIn(folder, "a.aag", emitAsciiAiger(circuit, []))],
    ["read_blif", writeIn(folder, "a.blif", emitBlif(circuit, []))],
  ] as const;
  for (const [read, file] of inputs) {
    const outputs = ["out.aig", "out.aag", "out.blif"].map((name) => join(folder, name));
    const write = `write_aiger -symbols ${outputs[0]}; write_aiger -ascii -symbols ${outputs[1]}; write_blif ${outputs[2]}`;
    run("yosys", ["-q", "-p", `${read} ${file}; simplemap; aigmap; clean; ${write}`]);
    for (const output of outputs) expectSame(circuit, output);
  }
});
