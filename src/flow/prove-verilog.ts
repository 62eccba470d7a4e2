import { moduleNames } from "../../compiler/emit/verilog/names.js";
import type { Design } from "../../compiler/ir/design.js";
import { gateCount } from "../../compiler/ir/netlist.js";
import { withModules } from "../../compiler/read/yosys-json.js";
import { type ProveRtlOptions, proveRtl, type RtlMiter, type RtlPart } from "../../compiler/verify/rtl.js";
import type { VerilogFiles } from "../../compiler/verify/self-test/verilog-faults.js";
import type { SolverFactory } from "../../sat/solver.js";
import { readVerilog } from "../tools/yosys.js";
import { notAccepted, readByModule } from "./modules/read-by-module.js";
import { configuredLatency } from "./pipeline.js";
import type { StageContext } from "./stage.js";

export interface ProveVerilogOptions {
  /** Called before each part. */
  readonly onPart?: (part: string, index: number, parts: number) => void;
  /** Called after each equivalence. */
  readonly onMiter?: (miter: RtlMiter) => void;
  /** The files are those of one part only; what Yosys made of all the others before. */
  readonly rest?: { readonly part: "top" | "encoder" | "core" | "readout"; readonly json: string };
}

type Context = Pick<StageContext, "config" | "signal">;

/** Whether Yosys reads the Verilog of a design module by module, in processes of their own. */
export const isReadByModule = (
  { config }: Pick<StageContext, "config">,
  design: Pick<Design, "core">,
): boolean => gateCount(design.core) > config.verify.together;

/**
 * Let Yosys read Verilog files, and prove what it understood, part by part, against the design. Of large designs the
 * modules of the core are each read and proved in a process of its own, and the core's wiring apart.
 *
 * @returns `json` is what Yosys made of it; null if it did not accept the files, or read them module by module.
 */
export async function proveVerilog(
  context: Context,
  createSolver: SolverFactory,
  design: Design,
  files: VerilogFiles,
  options: ProveVerilogOptions,
): Promise<{ parts: RtlPart[]; json: string | null }> {
  const { config, signal } = context;
  const proving = provingOptions(context, createSolver, design, options);
  if (isReadByModule(context, design)) {
    const { modules, parts } = await readByModule(context, design, files, options);
    if (modules === null) return { parts, json: null };
    const rest = await proveRtl(design, config.name, modules, { ...proving, partsApart: true });
    return { parts: [...parts, ...rest], json: null };
  }
  const top = moduleNames(config.name)[options.rest?.part ?? "top"];
  const answer = await readVerilog(files, top, { native: config.verify.native, signal });
  if ("error" in answer) return { parts: [notAccepted(answer.error)], json: null };
  const json = options.rest === undefined ? answer.output : withModules(options.rest.json, answer.output);
  return { parts: await proveRtl(design, config.name, json, proving), json };
}

function provingOptions(
  { config, signal }: Context,
  createSolver: SolverFactory,
  design: Design,
  { onPart, onMiter }: ProveVerilogOptions,
): ProveRtlOptions {
  return {
    createSolver,
    seed: config.seed,
    conflictBudget: config.verify.conflicts,
    cancelled: () => signal.aborted,
    latency: configuredLatency(config, design),
    ...(onMiter === undefined ? {} : { onMiter }),
    onPart(part, index, total) {
      signal.throwIfAborted();
      onPart?.(part, index, total);
    },
  };
}
