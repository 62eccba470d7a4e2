import { version } from "@yowasp/yosys";
import type { YosysModules } from "../../compiler/read/yosys-json.js";
import { requireTool, toolVersion } from "./find-tool.js";
import { PRINTED, runOnFiles, type ToolFilesOptions } from "./tool-files.js";

const OUTPUT = "netlist.json";
const BOXES = "boxes.json";

/** Read Verilog, turn processes and operators into simple gates, keep the hierarchy, write JSON. */
const scriptFor = (files: readonly string[], top: string, boxes: boolean, output: string): string =>
  [
    ...(boxes ? [`read_json ${BOXES}`] : []),
    `read_verilog ${files.join(" ")}`,
    `hierarchy -check -top ${top}`,
    "proc",
    // Clock enables become pins of their registers.
    "opt_dff -nosdff -keepdc",
    // Compares with constants become a few gates each; techmap makes a hundred of each, ten times slower to read.
    "opt_expr -fine -keepdc",
    "techmap",
    "simplemap",
    "clean",
    // Where in the Verilog each cell is from would be a quarter of the text.
    "setattr -unset src a:src",
    `write_json ${output}`,
  ].join("; ");

/** Modules as black boxes: their ports alone. */
const asBoxes = (modules: YosysModules): string =>
  JSON.stringify({
    modules: Object.fromEntries(
      [...modules].map(([name, { ports }]) => [name, { attributes: { blackbox: "1" }, ports, cells: {} }]),
    ),
  });

/** `native`: this machine's Yosys instead of the bundled one. */
export type YosysOptions = ToolFilesOptions;

/** Name and version of the Yosys that `readVerilog` uses. */
export async function yosysVersion(native: boolean): Promise<string> {
  if (native) return toolVersion(requireTool("yosys"), "-V");
  return `@yowasp/yosys ${version}`;
}

/**
 * What Yosys makes of Verilog files, as its JSON netlist.
 *
 * @param files name to text.
 * @param boxes modules that the files instantiate and that are not among them.
 * @returns the JSON text, or Yosys's complaint when it does not accept the files.
 * @throws {UserError} with exit code 4 if Yosys is missing or breaks.
 */
export async function readVerilog(
  files: ReadonlyMap<string, string>,
  top: string,
  options: YosysOptions,
  boxes: YosysModules = new Map(),
): Promise<{ readonly output: string } | { readonly error: string }> {
  const output = options.native ? OUTPUT : PRINTED;
  const script = scriptFor([...files.keys()], top, boxes.size > 0, output);
  const given = { ...Object.fromEntries(files), ...(boxes.size > 0 ? { [BOXES]: asBoxes(boxes) } : {}) };
  const answer = await runYosys({ files: given, script, outputs: [output] }, options);
  return "error" in answer ? answer : { output: answer.outputs[output]! };
}

/** A script of Yosys's, the files that it reads (name to text) and those that it writes. */
export interface YosysRequest {
  readonly files: Readonly<Record<string, string>>;
  readonly script: string;
  readonly outputs: readonly string[];
}

/** The text of every output, or what Yosys complained about. */
export type YosysAnswer = { readonly outputs: Readonly<Record<string, string>> } | { readonly error: string };

/** Run a script on files. @throws {UserError} with exit code 4 if Yosys is missing or breaks. */
export async function runYosys(
  { files, script, outputs }: YosysRequest,
  options: YosysOptions,
): Promise<YosysAnswer> {
  const args = ["-q", "-p", script];
  const request = { bundle: "@yowasp/yosys", program: "yosys", args, files, outputs };
  const answer = await runOnFiles(request, options);
  if ("error" in answer) return answer;
  const texts = Object.entries(answer.outputs).map(([file, bytes]) => [
    file,
    new TextDecoder().decode(bytes),
  ]);
  return { outputs: Object.fromEntries(texts) };
}
