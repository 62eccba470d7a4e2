/** A process that reads modules of the core back with Yosys, one at a time, and proves each (see `prove-modules.ts`). */
import { UserError } from "../../../base/errors.js";
import { parseYosysJson } from "../../../compiler/read/yosys-json.js";
import { provePart } from "../../../compiler/verify/rtl/part.js";
import type { RtlMiter } from "../../../compiler/verify/rtl.js";
import { createCdclSolver } from "../../../sat/cdcl/solver.js";
import { timeLimited } from "../../../sat/time-limit.js";
import { readVerilog } from "../../tools/yosys.js";
import type { Answer, Assignment, ModuleFile, Request } from "./messages.js";

const signal = new AbortController().signal;
let assignment: Assignment | null = null;

async function prove(
  { module, text }: ModuleFile,
  { core, native, queryTimeout, seed, conflictBudget }: Assignment,
): Promise<Answer> {
  const answer = await readVerilog(new Map([[`${module}.v`, text]]), module, { native, signal });
  if ("error" in answer) {
    const how = `Yosys does not accept it: ${answer.error.split("\n")[0]}`;
    return { proof: { part: module, verdict: "refuted", how }, miters: [], ports: null };
  }
  const modules = parseYosysJson(answer.output);
  const miters: RtlMiter[] = [];
  const proof = await provePart(modules, module, core, {
    createSolver: timeLimited(createCdclSolver, 1000 * queryTimeout),
    seed,
    conflictBudget,
    onMiter: (miter) => void miters.push(miter),
  });
  return { proof, miters, ports: modules.get(module)?.ports ?? null };
}

async function answer(file: ModuleFile, given: Assignment): Promise<Answer> {
  try {
    return await prove(file, given);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { code, message, hint, exitCode } = error;
    return { code, message, hint, exitCode };
  }
}

// An interrupted terminal reaches every process: the one that started this one decides.
process.on("SIGINT", () => {});
process.on("message", (request: Request) => {
  if ("core" in request) assignment = request;
  else void answer(request, assignment!).then((found) => process.send!(found));
});
