import { moduleNames } from "../../compiler/emit/verilog/names.js";
import type { Design } from "../../compiler/ir/design.js";
import { withModules } from "../../compiler/read/yosys-json.js";
import { proveRtl, type RtlMiter, type RtlPart } from "../../compiler/verify/rtl.js";
import type { VerilogFiles } from "../../compiler/verify/self-test/verilog-faults.js";
import type { SolverFactory } from "../../sat/solver.js";
import { readVerilog } from "../tools/yosys.js";
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

/**
 * Let Yosys read Verilog files, and prove what it understood, part by part, against the design.
 *
 * @returns `json` is what Yosys made of it, null if it did not accept the files.
 */
export async function proveVerilog(
  { config, signal }: Pick<StageContext, "config" | "signal">,
  createSolver: SolverFactory,
  design: Design,
  files: VerilogFiles,
  { onPart, onMiter, rest }: ProveVerilogOptions,
): Promise<{ parts: RtlPart[]; json: string | null }> {
  const top = moduleNames(config.name)[rest?.part ?? "top"];
  const answer = await readVerilog(files, top, { native: config.verify.native, signal });
  if ("error" in answer) {
    const how = `Yosys does not accept them: ${answer.error.split("\n")[0]}`;
    return { parts: [{ part: "files", verdict: "refuted", how }], json: null };
  }
  const json = rest === undefined ? answer.output : withModules(rest.json, answer.output);
  const parts = await proveRtl(design, config.name, json, {
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
  });
  return { parts, json };
}
