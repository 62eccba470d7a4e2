import { basename } from "node:path";
import { stringify } from "yaml";
import { VERILATOR_OPTIONS } from "../../tools/simulators.js";
import type { HandOver } from "./package.js";

const VERILOG = "verilogSource-2005";
const comments = (lines: readonly string[]): string => lines.map((line) => `# ${line}\n`).join("");

/** Options that Icarus and Verilator take the files with. */
const SIMULATORS = {
  icarus: { iverilog_options: ["-g2005"] },
  verilator: { mode: "binary", verilator_options: VERILATOR_OPTIONS },
};
const LINT = { verilator: { mode: "lint-only", verilator_options: ["-Wall"] } };

/** The vector file lies in the work folder then, whatever that is. */
const parameters = (vectors: string) => ({
  vectors: {
    datatype: "str",
    paramtype: "plusarg",
    default: basename(vectors),
    description: "file of test vectors",
  },
  samples: { datatype: "int", paramtype: "plusarg", description: "how many of them at most" },
  seed: { datatype: "int", paramtype: "plusarg", description: "of the testbench's pauses" },
});

/** A FuseSoC core (CAPI2) with the targets `default`, `lint`, `sim` and `synth`. */
export function fuseSocCore({ base, comment, version, rtl, outermost, bench, vectors }: HandOver): string {
  const core = {
    name: `::${base}:${version}`,
    description: comment[0],
    filesets: {
      rtl: { files: rtl, file_type: VERILOG },
      tb: {
        files: [
          { [bench.file]: { file_type: VERILOG } },
          { [vectors]: { file_type: "user", copyto: basename(vectors) } },
        ],
      },
    },
    targets: {
      default: { filesets: ["rtl"], toplevel: outermost },
      lint: { filesets: ["rtl"], toplevel: outermost, default_tool: "verilator", tools: LINT },
      sim: {
        filesets: ["rtl", "tb"],
        toplevel: bench.module,
        default_tool: "icarus",
        parameters: ["vectors", "samples", "seed"],
        tools: SIMULATORS,
      },
      synth: {
        filesets: ["rtl"],
        toplevel: outermost,
        default_tool: "yosys",
        tools: { yosys: { arch: "ice40", output_format: "json" } },
      },
    },
    parameters: parameters(vectors),
  };
  return `CAPI=2:\n${comments(comment)}${stringify(core, { lineWidth: 0 })}`;
}

/** An Edalize EDAM of the simulation. */
export function edam({ base, comment, rtl, bench, vectors }: HandOver): string {
  const description = {
    name: base,
    toplevel: bench.module,
    files: [
      ...[...rtl, bench.file].map((name) => ({ name, file_type: VERILOG })),
      { name: vectors, file_type: "user" },
    ],
    parameters: { ...parameters(vectors), vectors: { ...parameters(vectors).vectors, default: vectors } },
    tool_options: SIMULATORS,
  };
  return `${comments(comment)}${stringify(description, { lineWidth: 0 })}`;
}
