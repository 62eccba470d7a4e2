import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { emitCore, usedInputs } from "../../compiler/emit/verilog/core.js";
import { moduleNames } from "../../compiler/emit/verilog/names.js";
import type { Netlist } from "../../compiler/ir/netlist.js";
import { VERILATOR_OPTIONS } from "../../src/tools/simulators.js";
import { run } from "./native.js";
import type { Measurement } from "./workload.js";

/** Times that Verilator runs all samples: odd, so that parities are those of one time. */
const VERILATOR_ROUNDS = 51;
/** Bits of a printed number: Verilator takes at most 8,192. */
const WORD = 4096;
const NAMES = moduleNames("bench");

/** The core's Verilog in Verilator, whose C++ is compiled as Verilator does by default. */
export function verilator(netlist: Netlist, rows: readonly Uint32Array[], folder: string): Measurement {
  const sources = writeVerilog(netlist, rows, folder);
  const options = ["--binary", ...VERILATOR_OPTIONS, "--build-jobs", "1", "--top-module", "bench"];
  return measure("Verilator", netlist, rows, VERILATOR_ROUNDS, {
    compile: () => run("verilator", [...options, "-Mdir", "obj", "-o", "sim", ...sources], folder),
    simulate: (...plus) => run(join(folder, "obj/sim"), plus, folder),
  });
}

/** The core's Verilog in Icarus. */
export function icarus(netlist: Netlist, rows: readonly Uint32Array[], folder: string): Measurement {
  const sources = writeVerilog(netlist, rows, folder);
  return measure("Icarus", netlist, rows, 1, {
    compile: () => run("iverilog", ["-g2005", "-s", "bench", "-o", "sim.vvp", ...sources], folder),
    simulate: (...plus) => run("vvp", ["-n", "sim.vvp", ...plus], folder),
  });
}

interface Simulator {
  readonly compile: () => string;
  readonly simulate: (...plus: string[]) => string;
}

function measure(
  name: string,
  netlist: Netlist,
  rows: readonly Uint32Array[],
  rounds: number,
  { compile, simulate }: Simulator,
): Measurement {
  const samples = 32 * rows[0]!.length;
  const timed = (work: () => string): { text: string; seconds: number } => {
    const begin = performance.now();
    const text = work();
    return { text, seconds: (performance.now() - begin) / 1000 };
  };
  const compileSeconds = timed(compile).seconds;
  // Starting and reading the inputs takes the same time however many of them are then simulated.
  const start = timed(() => simulate("+samples=1", "+rounds=1")).seconds;
  const { text, seconds } = timed(() => simulate(`+samples=${samples}`, `+rounds=${rounds}`));
  const words = [...text.matchAll(/^SUM ([0-9a-f]+)$/gm)].map(([, digits]) =>
    [...BigInt(`0x${digits}`).toString(2).padStart(WORD, "0")].reverse().join(""),
  );
  const parities = words.join("").slice(0, netlist.outputs.length);
  const evaluations = netlist.kind.length * (rounds * samples - 1);
  return { name, compileSeconds, evaluationsPerSecond: evaluations / (seconds - start), parities };
}

/** The core and a module that runs samples through it and prints the parity of every output. */
function writeVerilog(netlist: Netlist, rows: readonly Uint32Array[], folder: string): string[] {
  const [inputs, outputs, samples] = [rows.length, netlist.outputs.length, 32 * rows[0]!.length];
  const words = Math.ceil(outputs / WORD);
  const files = [...emitCore(netlist, NAMES, [])].map(([name, text]) => {
    writeFileSync(join(folder, `${name}.v`), text);
    return `${name}.v`;
  });
  const pins = [
    ...usedInputs(netlist).map((i) => `.x${i}(x[${i}])`),
    ...Array.from({ length: outputs }, (_, v) => `.y${v}(y[${v}])`),
  ];
  writeFileSync(
    join(folder, "bench.v"),
    `\`timescale 1ns / 1ps
module bench;
  reg [${inputs - 1}:0] inputs [0:${samples - 1}];
  reg [${inputs - 1}:0] x;
  wire [${outputs - 1}:0] y;
  reg [${words * WORD - 1}:0] sum;
  integer s, samples, round, rounds;
  ${NAMES.core} core (
    ${pins.join(",\n    ")}
  );
  initial begin
    $readmemh("inputs.hex", inputs);
    if ($value$plusargs("samples=%d", samples) == 0) samples = ${samples};
    if ($value$plusargs("rounds=%d", rounds) == 0) rounds = 1;
    sum = 0;
    for (round = 0; round < rounds; round = round + 1) for (s = 0; s < samples; s = s + 1) begin
      x = inputs[s];
      #1;
      sum = sum ^ y;
    end
    for (s = 0; s < ${outputs}; s = s + ${WORD}) $display("SUM %h", sum[s+:${WORD}]);
    $finish;
  end
endmodule
`,
  );
  writeFileSync(join(folder, "inputs.hex"), hexLines(rows, samples));
  return [...files, "bench.v"];
}

/** A line for each sample, input 0 in the lowest bit. */
function hexLines(rows: readonly Uint32Array[], samples: number): string {
  const lines: string[] = [];
  for (let s = 0; s < samples; s++) {
    const digits: string[] = [];
    for (let i = 0; i < rows.length; i += 4) {
      let digit = 0;
      for (let k = 0; k < 4 && i + k < rows.length; k++)
        digit |= ((rows[i + k]![s >>> 5]! >>> (s & 31)) & 1) << k;
      digits.push(digit.toString(16));
    }
    lines.push(digits.reverse().join(""));
  }
  return `${lines.join("\n")}\n`;
}
