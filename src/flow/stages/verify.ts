import { UserError } from "../../../base/errors.js";
import type { Design } from "../../../compiler/ir/design.js";
import { gateCount } from "../../../compiler/ir/netlist.js";
import { decodeModel } from "../../../compiler/model/codec.js";
import { decodeDesign } from "../../../compiler/model/design-codec.js";
import { freeze } from "../../../compiler/model/freeze.js";
import { checkEquivalent } from "../../../compiler/verify/equivalence.js";
import type { RtlMiter } from "../../../compiler/verify/rtl.js";
import { sameBoundary } from "../../../compiler/verify/same-boundary.js";
import { createCdclSolver } from "../../../sat/cdcl/solver.js";
import { timeLimited } from "../../../sat/time-limit.js";
import { worst } from "../../report/schema.js";
import { yosysVersion } from "../../tools/yosys.js";
import {
  CERTIFICATE,
  fileSide,
  filesSide,
  OPTIMIZE_CERTIFICATE,
  PRUNE_CERTIFICATE,
  ProofWriter,
  readCertificate,
  writeCertificate,
} from "../certificate.js";
import { designStep, rtlSteps } from "../certificate-steps.js";
import { finalDesign, finalModel } from "../final-design.js";
import { proveInterface } from "../prove-interface.js";
import { isReadByModule, proveVerilog } from "../prove-verilog.js";
import { isPruned } from "../prune/budget.js";
import { testChecks } from "../self-test.js";
import type { Stage, StageContext } from "../stage.js";
import { emittedPaths, rtlFiles } from "./emit.js";
import { solverVersion } from "./optimize.js";

/** Prove, from the files on disk, model = design = Verilog. */
export const verifyStage: Stage = {
  name: "verify",
  summary: "prove the design equal to the model, and the Verilog, as Yosys reads it, equal to the design",
  after: ["train", "optimize", "prune", "emit"],
  inputs: ({ config, run }) => [
    finalModel(config),
    finalDesign(config),
    OPTIMIZE_CERTIFICATE,
    ...(isPruned(config.prune) ? [PRUNE_CERTIFICATE] : []),
    ...rtlFiles(run),
    ...(config.verify.selfTest > 0 ? [emittedPaths(config.name).vectors] : []),
  ],
  options: ({ name, seed, verify, hardware }) => ({ name, seed, verify, hardware }),
  versions: async ({ config }) => ({
    ...solverVersion(),
    yosys: await yosysVersion(config.verify.native),
  }),
  readsData: false,
  sections: ({ verification: { design, rtl, rtlParts, selfTest } }) => ({ design, rtl, rtlParts, selfTest }),
  clear({ verification }) {
    verification.design = null;
    verification.rtl = null;
    verification.rtlParts = null;
    verification.selfTest = null;
  },
  async execute(context) {
    const { config, run, report, signal, watcher } = context;
    const createSolver = timeLimited(createCdclSolver, 1000 * config.verify.queryTimeout);
    const [modelFile, designFile] = [finalModel(config), finalDesign(config)];
    const model = decodeModel(run.read(modelFile), run.absolute(modelFile));
    const design = decodeDesign(run.read(designFile), run.absolute(designFile));
    refuseSelfTest(context, design);
    const { design: frozen } = freeze(model);
    const verdict = sameBoundary(frozen, design)
      ? await checkEquivalent(frozen.core, design.core, {
          createSolver,
          seed: config.seed,
          conflictBudget: config.verify.conflicts,
          cancelled: () => signal.aborted,
        })
      : null;
    signal.throwIfAborted();
    report.verification.design = verdict?.tag ?? "refuted";
    watcher.line(`model = design: ${report.verification.design}`);
    const files = new Map(rtlFiles(run).map((file) => [file.replace("rtl/", ""), run.readText(file)]));
    watcher.line(`Yosys reads ${files.size} files …`);
    const miters: RtlMiter[] = [];
    const { parts: inner, json } = await proveVerilog(context, createSolver, design, files, {
      onPart: (part, index, total) => watcher.progress(index, total, "proving", { part }),
      onMiter: (miter) => void miters.push(miter),
    });
    const parts = [...inner, ...(await proveInterface(context, createSolver, design, files))];
    for (const { part, verdict, how } of parts) watcher.line(`Verilog, ${part}: ${verdict} (${how})`);
    report.verification.rtlParts = parts;
    report.verification.rtl = worst(parts.map(({ verdict }) => verdict));
    const proofs = new ProofWriter(context, "verify");
    const [onDisk, verilog] = [fileSide(run, designFile), filesSide(run, "rtl/", rtlFiles(run))];
    writeCertificate(run, CERTIFICATE, config, [
      ...readCertificate(run, OPTIMIZE_CERTIFICATE).steps,
      ...(isPruned(config.prune) ? readCertificate(run, PRUNE_CERTIFICATE).steps : []),
      await designStep(fileSide(run, modelFile), onDisk, verdict, [frozen.core, design.core], proofs),
      ...(await rtlSteps(onDisk, verilog, parts, miters, proofs)),
    ]);
    if (config.verify.selfTest > 0 && json !== null) {
      const vectors = run.readText(emittedPaths(config.name).vectors);
      const subject = { design, reference: frozen.core, name: config.name, verilog: files, vectors };
      await testChecks(context, createSolver, subject, json);
    }
    return [CERTIFICATE, ...proofs.files];
  },
};

/** A fault's effect is found out by evaluating the whole of what Yosys read. @throws {UserError} */
function refuseSelfTest(context: StageContext, design: Design): void {
  const { selfTest, together } = context.config.verify;
  if (selfTest === 0 || !isReadByModule(context, design)) return;
  throw new UserError(
    "verify/self-test",
    `verify.selfTest: expected a core of at most ${together} gates (verify.together) but found ${gateCount(design.core)}`,
    "leave the self-test out, or raise verify.together if there is memory: 1.3 GB for 64,000 gates",
  );
}
