import type { Family, Target } from "../../compiler/ir/target.js";

/** What Yosys is told for a family. */
interface FamilyFlow {
  /** The family's synthesis command with its options. */
  readonly command: (target: Target) => string;
  /** Turns flip-flops into the family's before LUTs are mapped. */
  readonly flipFlops: (target: Target) => string;
  /** What is left of that to do after LUTs are mapped. */
  readonly finish: string;
  /** Verilog models of the family's cells, for simulation, in Yosys's data folder. */
  readonly models: readonly string[];
}

const run = (command: string): string => `${command} -run map_ffs:map_luts`;

function flow(command: (target: Target) => string, models: readonly string[], finish = ""): FamilyFlow {
  return { command, flipFlops: (target) => run(command(target)), finish, models };
}

const FLOWS: Readonly<Record<Family, FamilyFlow>> = {
  generic: {
    command: ({ lutInputs }) => `synth -lut ${lutInputs} -flatten`,
    flipFlops: () => "opt_clean",
    finish: "",
    models: ["simlib.v", "simcells.v"],
  },
  ice40: flow(
    ({ name }) => `synth_ice40 -device ${name.endsWith("up5k") ? "u" : "hx"} -nobram`,
    ["ice40/cells_sim.v"],
  ),
  ecp5: flow(() => "synth_ecp5 -nobram -nolutram", ["ecp5/cells_sim.v"]),
  xilinx: flow(
    ({ name }) =>
      `synth_xilinx -family ${name.endsWith("us+") ? "xcup" : "xc7"} -flatten -noiopad -noclkbuf -nobram -nolutram -nosrl -nodsp`,
    ["xilinx/cells_sim.v"],
    "techmap -map +/xilinx/ff_map.v",
  ),
  gowin: flow(() => "synth_gowin -noiopads -nobram -nolutram", ["gowin/cells_sim.v"]),
  intel: flow(
    () => "synth_intel_alm -noiopad -noclkbuf -nobram -nolutram -nodsp",
    ["intel_alm/common/alm_sim.v", "intel_alm/common/dff_sim.v"],
  ),
};

/** Files of Yosys's data folder that a simulation of a synthesised netlist needs. */
export const modelFiles = ({ family }: Target): readonly string[] => FLOWS[family].models;

/** Names of the files that the scripts write. */
export const NETLIST = "netlist.json";
export const NETLIST_VERILOG = "netlist.v";
export const STATISTICS = "stat.txt";
export const RTL = "rtl.json";
export const GATES = "gates.json";
export const UNMAPPED = "unmapped.json";

/** Notes about the hierarchy that was, which newer versions leave when they flatten: no part of the circuit. */
const NO_SCOPES = "delete t:$scopeinfo";

/** Write the netlist: flat, with the statistics that Yosys prints about it. */
const write = ({ family }: Target): string[] => [
  "setattr -mod -unset keep_hierarchy",
  "flatten",
  NO_SCOPES,
  "opt_clean",
  "check -assert",
  "blackbox =A:whitebox",
  `tee -q -o ${STATISTICS} stat${family === "xilinx" ? " -tech xilinx" : ""}`,
  `write_json ${NETLIST}`,
  `write_verilog -noattr ${NETLIST_VERILOG}`,
];

/** The family's cells as black boxes, so that directions of pins are known. */
const library = ({ family }: Target): string[] =>
  family === "generic" ? [] : FLOWS[family].models.map((file) => `read_verilog -lib +/${file}`);

const script = (...commands: readonly string[]): string => commands.filter((line) => line !== "").join("; ");

/** Enables and synchronous resets become gates before plain flip-flops. */
export const PLAIN_REGISTERS = ["dffunmap", "simplemap", "opt_clean"];

/**
 * Verilog to the family's cells by Yosys alone.
 *
 * @param encoder module whose comparisons with constants become gates, not carry chains.
 */
export const synthesise = (
  files: readonly string[],
  top: string,
  target: Target,
  encoder: string | null,
): string =>
  script(
    `read_verilog ${files.join(" ")}`,
    `hierarchy -check -top ${top}`,
    "proc",
    encoder === null ? "" : `techmap ${encoder}`,
    `${FLOWS[target.family].command(target)} -top ${top}`,
    ...write(target),
  );

/** Verilog with registers to gates and plain flip-flops (for proofs), and to gates and the family's flip-flops. */
export const readForMapping = (files: readonly string[], top: string, target: Target): string =>
  script(
    `read_verilog ${files.join(" ")}`,
    `hierarchy -check -top ${top}`,
    "proc",
    "setattr -mod -unset keep_hierarchy",
    "flatten",
    NO_SCOPES,
    "opt_expr -fine",
    "memory_map",
    "techmap",
    "opt_clean",
    "design -save flat",
    ...PLAIN_REGISTERS,
    `write_json ${RTL}`,
    "design -load flat",
    "opt -full",
    ...library(target),
    FLOWS[target.family].flipFlops(target),
    "simplemap",
    "opt_clean",
    "blackbox =A:whitebox",
    `write_json ${GATES}`,
  );

/** Modules to simple gates and flip-flops with enables and synchronous resets, each on its own. */
export const readModules = (
  files: readonly string[],
  boxes: readonly string[],
  top: string,
  output: string,
): string =>
  script(
    `read_verilog ${files.join(" ")}`,
    boxes.length === 0 ? "" : `read_verilog -lib ${boxes.join(" ")}`,
    `hierarchy -top ${top}`,
    "proc",
    "opt",
    "techmap",
    "simplemap",
    // What a register would load while it is reset is undefined now.
    "opt -mux_undef",
    `write_json ${output}`,
  );

/** A netlist of the family's LUTs, in the file `mapped.json`, to the last form. */
export const finishMapped = (mapped: string, top: string, target: Target): string =>
  script(
    ...library(target),
    `read_json ${mapped}`,
    `hierarchy -top ${top}`,
    FLOWS[target.family].finish,
    ...write(target),
  );

/** Flip-flops of a synthesised netlist back to plain ones, as Verilog models of them say. */
export const unmapFlipFlops = (netlist: string, models: string): string =>
  script(
    `read_json ${netlist}`,
    `techmap -autoproc -map ${models}`,
    ...PLAIN_REGISTERS,
    `write_json ${UNMAPPED}`,
  );

/** Verilog to gates and plain flip-flops, flat. */
export const readPlain = (file: string, top: string): string =>
  script(
    `read_verilog ${file}`,
    `hierarchy -check -top ${top}`,
    ...["proc", "flatten", NO_SCOPES, "techmap", ...PLAIN_REGISTERS],
    `write_json ${UNMAPPED}`,
  );
