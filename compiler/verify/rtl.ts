import { moduleNames } from "../emit/verilog/names.js";
import type { Design } from "../ir/design.js";
import { parseYosysJson, type YosysModules } from "../read/yosys-json.js";
import { proveCells } from "./rtl/cells.js";
import { proveCore, proveEncoder } from "./rtl/logic.js";
import { proveReadout } from "./rtl/readout.js";
import { checkTop } from "./rtl/top.js";
import { judge, type RtlOptions, type RtlPart } from "./rtl/verdict.js";
import { checkWiring } from "./rtl/wiring.js";

export type { RtlMiter, RtlPart } from "./rtl/verdict.js";

export interface ProveRtlOptions extends RtlOptions {
  /** Registers on every path through the top; 0 when left out. */
  readonly latency?: number;
  /**
   * The modules that the core consists of are black boxes: what is in them is proved apart (`provePart`), and here only
   * how they are connected.
   */
  readonly partsApart?: boolean;
  /** Called before each part. */
  readonly onPart: (part: string, index: number, parts: number) => void;
}

/**
 * Prove that Verilog, as Yosys reads it, computes the design from raw features to class index: ports and wiring of
 * the top exactly, encoder and core by equivalence, the readout by parts. Together the parts cover every module
 * between the ports, so that all of them proved means the whole is.
 *
 * @param json Yosys's JSON netlist of the emitted files, or its modules.
 */
export async function proveRtl(
  design: Design,
  name: string,
  json: string | YosysModules,
  options: ProveRtlOptions,
): Promise<RtlPart[]> {
  const names = moduleNames(name);
  const steps: readonly (readonly [string, (modules: YosysModules) => Promise<string> | string])[] = [
    ["top", (modules) => checkTop(modules, design, names, options.latency ?? 0)],
    ["encoder", (modules) => proveEncoder(modules, design, names, options)],
    options.partsApart === true
      ? ["wiring of the core", (modules) => checkWiring(modules, design.core, names)]
      : ["core", (modules) => proveCore(modules, design, names, options)],
    ["cells", (modules) => proveCells(modules, names)],
    ["readout", (modules) => proveReadout(modules, design, names, options)],
  ];
  const parts: RtlPart[] = [];
  let modules = typeof json === "string" ? undefined : json;
  const read = (): YosysModules => {
    modules ??= parseYosysJson(json as string);
    return modules;
  };
  for (const [index, [part, prove]] of steps.entries()) {
    options.onPart(part, index, steps.length);
    parts.push({ part, ...(await judge(async () => prove(read()))) });
  }
  return parts;
}
