import { beatsFor } from "../../compiler/emit/verilog/interface/interface.js";
import { moduleNames } from "../../compiler/emit/verilog/names.js";
import type { Design } from "../../compiler/ir/design.js";
import { moduleNamed, parseYosysJson } from "../../compiler/read/yosys-json.js";
import type { RtlPart } from "../../compiler/verify/rtl.js";
import { proveSerialEncoder } from "../../compiler/verify/serial-encoder.js";
import type { SolverFactory } from "../../sat/solver.js";
import { PLAIN_REGISTERS } from "../tools/synthesis-scripts.js";
import { runYosys } from "../tools/yosys.js";
import type { StageContext } from "./stage.js";

const OUTPUT = "encoder.json";

/**
 * Prove the encoder of an interface that takes samples in parts; nothing for the others, whose encoder is that of the top.
 *
 * @param files emitted Verilog, name to text.
 */
export async function proveInterface(
  { config, signal }: Pick<StageContext, "config" | "signal">,
  createSolver: SolverFactory,
  design: Design,
  files: ReadonlyMap<string, string>,
): Promise<RtlPart[]> {
  const { interface: kind, lanes } = config.hardware;
  if (kind === "parallel" || kind === "valid") return [];
  const module = moduleNames(config.name).serialEncoder;
  const file = `${module}.v`;
  const script = [
    `read_verilog ${file}`,
    `hierarchy -check -top ${module}`,
    "proc",
    "opt_expr -fine -keepdc",
    "techmap",
    ...PLAIN_REGISTERS,
    `write_json ${OUTPUT}`,
  ].join("; ");
  const request = { files: { [file]: files.get(file) ?? "" }, script, outputs: [OUTPUT] };
  const answer = await runYosys(request, { native: config.verify.native, signal });
  if ("error" in answer) {
    const how = `Yosys does not accept it: ${answer.error.split("\n")[0]}`;
    return [{ part: "serial encoder", verdict: "refuted", how }];
  }
  const found = moduleNamed(parseYosysJson(answer.outputs[OUTPUT]!), module);
  return [
    await proveSerialEncoder(design, beatsFor(design, { kind, lanes }), found, {
      createSolver,
      seed: config.seed,
      conflictBudget: config.verify.conflicts,
      cancelled: () => signal.aborted,
    }),
  ];
}
