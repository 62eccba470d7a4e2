import { moduleNames } from "../../../compiler/emit/verilog/names.js";
import { decodeModel } from "../../../compiler/model/codec.js";
import { decodeDesign } from "../../../compiler/model/design-codec.js";
import { freeze } from "../../../compiler/model/freeze.js";
import { checkEquivalent } from "../../../compiler/verify/equivalence.js";
import { proveRtl, type RtlPart } from "../../../compiler/verify/rtl.js";
import { sameBoundary } from "../../../compiler/verify/same-boundary.js";
import { createCdclSolver } from "../../../sat/cdcl/solver.js";
import type { SolverFactory } from "../../../sat/solver.js";
import { timeLimited } from "../../../sat/time-limit.js";
import { type Verdict, worst } from "../../report/schema.js";
import { readVerilog, yosysVersion } from "../../tools/yosys.js";
import type { Stage, StageContext } from "../stage.js";
import { rtlFiles } from "./emit.js";
import { DESIGN, solverVersion } from "./optimize.js";
import { MODEL } from "./train.js";

/** Prove, from the files on disk, model = design = Verilog. */
export const verifyStage: Stage = {
  name: "verify",
  summary: "prove the design equal to the model, and the Verilog, as Yosys reads it, equal to the design",
  after: ["train", "optimize", "emit"],
  inputs: ({ run }) => [MODEL, DESIGN, ...rtlFiles(run)],
  options: ({ name, seed, verify }) => ({ name, seed, verify }),
  versions: async ({ config }) => ({
    ...solverVersion(),
    yosys: await yosysVersion(config.verify.native),
  }),
  readsData: false,
  sections: ({ verification: { design, rtl, rtlParts } }) => ({ design, rtl, rtlParts }),
  clear({ verification }) {
    verification.design = null;
    verification.rtl = null;
    verification.rtlParts = null;
  },
  async execute(context) {
    const { config, report, watcher } = context;
    const createSolver = timeLimited(createCdclSolver, 1000 * config.verify.queryTimeout);
    report.verification.design = await proveDesign(context, createSolver);
    watcher.line(`model = design: ${report.verification.design}`);
    const parts = await proveVerilog(context, createSolver);
    for (const { part, verdict, how } of parts) watcher.line(`Verilog, ${part}: ${verdict} (${how})`);
    report.verification.rtlParts = parts;
    report.verification.rtl = worst(parts.map(({ verdict }) => verdict));
    return [];
  },
};

/** The frozen model against the optimised design: encoder and readout are the same, the cores one miter. */
async function proveDesign(
  { config, run, signal }: StageContext,
  createSolver: SolverFactory,
): Promise<Verdict> {
  const { design: frozen } = freeze(decodeModel(run.read(MODEL), run.absolute(MODEL)));
  const design = decodeDesign(run.read(DESIGN), run.absolute(DESIGN));
  if (!sameBoundary(frozen, design)) return "refuted";
  signal.throwIfAborted();
  return (await checkEquivalent(frozen.core, design.core, { createSolver, seed: config.seed })).tag;
}

async function proveVerilog(
  { config, run, signal, watcher }: StageContext,
  createSolver: SolverFactory,
): Promise<RtlPart[]> {
  const design = decodeDesign(run.read(DESIGN), run.absolute(DESIGN));
  const files = new Map(rtlFiles(run).map((file) => [file.replace("rtl/", ""), run.readText(file)]));
  watcher.line(`Yosys reads ${files.size} files …`);
  const answer = await readVerilog(files, moduleNames(config.name).top, {
    native: config.verify.native,
    signal,
  });
  if ("error" in answer)
    return [
      {
        part: "files",
        verdict: "refuted",
        how: `Yosys does not accept them: ${answer.error.split("\n")[0]}`,
      },
    ];
  return proveRtl(design, config.name, answer.output, {
    createSolver,
    seed: config.seed,
    onPart: (part, index, parts) => {
      signal.throwIfAborted();
      watcher.progress(index, parts, "proving", { part });
    },
  });
}
