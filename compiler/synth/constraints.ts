import type { Target } from "../ir/target.js";

/** What constraints and vendor scripts need to know of the outermost module. */
export interface ConstrainedTop {
  readonly module: string;
  /** Port of the clock; null when the circuit is combinational. */
  readonly clock: string | null;
}

/** MHz that tools are told to aim at. */
const AIM = 100;
const PERIOD = 1000 / AIM;

/**
 * The constraints file of a target, and the script that runs its vendor's tool, with names relative to `synth/`.
 *
 * @param sources Verilog files in `rtl/`.
 * @param netlist the synthesised netlist in `synth/`.
 * @returns file name to text.
 */
export function emitConstraints(
  name: string,
  target: Target,
  top: ConstrainedTop,
  sources: readonly string[],
  netlist: string,
  comment: readonly string[],
): Map<string, string> {
  const head = comment.map((line) => `# ${line}`);
  const file = (lines: readonly string[]): string => [...head, ...lines, ""].join("\n");
  const { clock } = top;
  const clocked = (line: (port: string) => string): string[] => (clock === null ? [] : [line(clock)]);
  const sdc = (port: string): string => `create_clock -name ${port} -period ${PERIOD} [get_ports {${port}}]`;
  switch (target.family) {
    case "generic":
      return new Map();
    case "ice40":
      return new Map([[`${name}.pcf`, file(clocked((port) => `set_frequency ${port} ${AIM}`))]]);
    case "ecp5":
      return new Map([[`${name}.lpf`, file(clocked((port) => `FREQUENCY PORT "${port}" ${AIM} MHZ;`))]]);
    case "gowin":
      return new Map([[`${name}.sdc`, file(clocked(sdc))]]);
    case "xilinx":
      return new Map([
        [`${name}.xdc`, file(clocked(sdc))],
        ["vivado.tcl", file(vivado(name, target, top, sources, netlist))],
      ]);
    case "intel":
      return new Map([
        [`${name}.sdc`, file(clocked(sdc))],
        ["quartus.tcl", file(quartus(name, top, sources))],
      ]);
  }
}

function vivado(
  name: string,
  target: Target,
  { module }: ConstrainedTop,
  sources: readonly string[],
  netlist: string,
): string[] {
  const part = target.name === "xilinx:us+" ? "xczu3eg-sbva484-1-e" : "xc7a35tcpg236-1";
  return [
    "# vivado -mode batch -source vivado.tcl [-tclargs <part> [mapped]]; mapped takes the proved LUTs as they are.",
    `set part [expr {$argc > 0 ? [lindex $argv 0] : "${part}"}]`,
    'if {$argc > 1 && [lindex $argv 1] eq "mapped"} {',
    `  read_verilog ${netlist}`,
    "} else {",
    ...sources.map((source) => `  read_verilog ../rtl/${source}`),
    "}",
    `read_xdc ${name}.xdc`,
    "# Out of context: no I/O buffers, so that wide interfaces need no pins.",
    `synth_design -top ${module} -part $part -mode out_of_context`,
    "opt_design",
    "place_design",
    "route_design",
    "report_utilization -file utilization.rpt",
    "report_timing_summary -file timing.rpt",
    "write_checkpoint -force design.dcp",
  ];
}

const quartus = (name: string, { module }: ConstrainedTop, sources: readonly string[]): string[] => [
  "# quartus_sh -t quartus.tcl",
  "load_package flow",
  `project_new ${name} -overwrite`,
  'set_global_assignment -name FAMILY "Cyclone V"',
  "set_global_assignment -name DEVICE 5CSEBA6U23I7",
  `set_global_assignment -name TOP_LEVEL_ENTITY ${module}`,
  ...sources.map((source) => `set_global_assignment -name VERILOG_FILE ../rtl/${source}`),
  `set_global_assignment -name SDC_FILE ${name}.sdc`,
  "# Wide interfaces need no pins.",
  "set_instance_assignment -name VIRTUAL_PIN ON -to *",
  "execute_flow -compile",
  "project_close",
];
