import { createRequire } from "node:module";
import { version as yosysVersion } from "@yowasp/yosys";
import { findTool, runTool } from "./find-tool.js";

/** Something outside dbnc's own code that it can use. */
export interface KnownTool {
  readonly name: string;
  /** A program on the PATH, or an npm package. */
  readonly kind: "program" | "package";
  /** The program or package to look for. */
  readonly find: string;
  /** Arguments that make the program tell its version; null if it has no such thing and being there is enough. */
  readonly version: readonly string[] | null;
  readonly enables: string;
  readonly get: string;
}

const apt = (name: string): string => `apt-get install ${name} (Debian, Ubuntu)`;
const program = (
  name: string,
  find: string,
  version: readonly string[] | null,
  enables: string,
  get: string,
): KnownTool => ({ name, kind: "program", find, version, enables, get });
const npm = (name: string, enables: string, get: string): KnownTool => ({
  name,
  kind: "package",
  find: name,
  version: null,
  enables,
  get,
});

/** Everything that dbnc can use, in the order in which a build meets it. */
export const KNOWN_TOOLS: readonly KnownTool[] = [
  npm("@yowasp/yosys", "dbnc verify: reads the emitted Verilog back", "installed with dbnc"),
  npm(
    "@tensorflow/tfjs",
    "train.engine: tensorflow, and the gradient tests",
    "npm install (an optional dependency)",
  ),
  npm(
    "@tensorflow/tfjs-node",
    "train.engine: tensorflow, on the native library",
    "npm install --save-optional @tensorflow/tfjs-node",
  ),
  npm(
    "@tensorflow/tfjs-node-gpu",
    "train.engine: tensorflow, on a CUDA GPU",
    "npm install --save-optional @tensorflow/tfjs-node-gpu",
  ),
  program(
    "Icarus Verilog",
    "iverilog",
    ["-V"],
    "dbnc simulate: the whole test set through the Verilog",
    apt("iverilog"),
  ),
  program(
    "Verilator",
    "verilator",
    ["--version"],
    "dbnc simulate: the same, faster, and lints",
    `${apt("verilator")}; it needs a C++ compiler and make`,
  ),
  program("C++ compiler", "g++", ["--version"], "Verilator's simulations", apt("g++ make")),
  program("Yosys", "yosys", ["-V"], "verify.native, and synthesis for a target", apt("yosys")),
  program(
    "nextpnr for iCE40",
    "nextpnr-ice40",
    ["--version"],
    "place and route for iCE40: Fmax and bitstream",
    apt("nextpnr-ice40"),
  ),
  program("icepack", "icepack", null, "bitstreams for iCE40", apt("fpga-icestorm")),
  program("icebox_vlog", "icebox_vlog", null, "the proof of what a bitstream does", apt("fpga-icestorm")),
  program(
    "nextpnr for ECP5",
    "nextpnr-ecp5",
    ["--version"],
    "place and route for ECP5: Fmax and bitstream",
    apt("nextpnr-ecp5"),
  ),
  program("ecppack", "ecppack", ["--version"], "bitstreams for ECP5", apt("prjtrellis")),
  program("Slurm", "sbatch", ["--version"], "suites and sweeps on a cluster", apt("slurm-client")),
  program("ABC", "berkeley-abc", ["-q", "version"], "the tests and npm run bench:lut", apt("berkeley-abc")),
  program("CaDiCaL", "cadical", ["--version"], "the tests and npm run bench:sat", apt("cadical")),
];

export interface FoundTool extends KnownTool {
  /** `broken`: it is there but does not even tell its version. */
  readonly status: "installed" | "missing" | "broken";
  /** Its version; of a broken one what it says instead; null where there is nothing to tell. */
  readonly found: string | null;
  readonly path: string | null;
}

const SECONDS = 20;

/** Look for one tool and ask it for its version. */
export async function findKnownTool(tool: KnownTool): Promise<FoundTool> {
  if (tool.kind === "package") return findPackage(tool);
  const path = findTool(tool.find);
  if (path === null) return { ...tool, status: "missing", found: null, path };
  if (tool.version === null) return { ...tool, status: "installed", found: null, path };
  try {
    const { output, status } = await runTool(path, tool.version, { folder: ".", seconds: SECONDS });
    const found = output.trim().split("\n")[0]!;
    return { ...tool, status: status === 0 && found !== "" ? "installed" : "broken", found, path };
  } catch (error) {
    return { ...tool, status: "broken", found: error instanceof Error ? error.message : String(error), path };
  }
}

const require = createRequire(import.meta.url);

function findPackage(tool: KnownTool): FoundTool {
  if (tool.find === "@yowasp/yosys") return { ...tool, status: "installed", found: yosysVersion, path: null };
  try {
    const path = require.resolve(`${tool.find}/package.json`);
    const { version } = require(path) as { version: string };
    return { ...tool, status: "installed", found: version, path };
  } catch {
    return { ...tool, status: "missing", found: null, path: null };
  }
}
