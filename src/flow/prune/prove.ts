import { count } from "../../../base/format.js";
import type { Design } from "../../../compiler/ir/design.js";
import { resolvePasses } from "../../../compiler/passes/registry.js";
import { formatPassLine, runPasses } from "../../../compiler/passes/runner.js";
import { rewire } from "../../../compiler/prune/substitution.js";
import { checkEquivalent } from "../../../compiler/verify/equivalence.js";
import { createCdclSolver } from "../../../sat/cdcl/solver.js";
import { timeLimited } from "../../../sat/time-limit.js";
import type { CertificateStep } from "../../report/certificate.js";
import type { Verdict } from "../../report/schema.js";
import type { ProofWriter } from "../certificate.js";
import { passStep, substitutionStep } from "../certificate-steps.js";
import { eventLoopTurn } from "../event-loop.js";
import { encodeSplit, type PreparedData } from "../prepared-data.js";
import type { StageContext } from "../stage.js";
import type { SearchResult } from "./search.js";

/** What was proved on the way. */
export interface Proved {
  readonly steps: CertificateStep[];
  readonly verdicts: Verdict[];
}

/** Prove the application of the substitutions, then run the passes on what it gave, each proved too. */
export async function proveAndTidy(
  context: StageContext,
  given: Design,
  found: SearchResult,
  data: PreparedData,
  proofs: ProofWriter,
  proved: Proved,
): Promise<Design> {
  const { config, signal, watcher } = context;
  const literal = { ...found.design, core: rewire(given.core, found.list) };
  const verdict = await checkEquivalent(literal.core, found.design.core, {
    ...proofOptions(context, given, data),
    conflictBudget: config.verify.conflicts,
  });
  signal.throwIfAborted();
  watcher.line(`${count(found.list.length)} substitutions applied: ${verdict.tag}`);
  const name = proved.steps.length === 0 ? "substitutions" : `substitutions-${proved.steps.length}`;
  proved.steps.push(await substitutionStep(name, found.list.length, literal, found.design, verdict, proofs));
  proved.verdicts.push(verdict.tag);
  return verdict.tag === "refuted" ? found.design : tidy(context, found.design, data, proofs, proved);
}

const proofOptions = ({ config, signal }: StageContext, { encoder }: Design, data: PreparedData) => ({
  seed: config.seed,
  patterns: encodeSplit(encoder, data.train).bits,
  createSolver: timeLimited(createCdclSolver, 1000 * config.verify.queryTimeout),
  cancelled: () => signal.aborted,
});

/** Run the exact passes, each proved. */
export async function tidy(
  context: StageContext,
  given: Design,
  data: PreparedData,
  proofs: ProofWriter,
  { steps, verdicts }: Proved,
): Promise<Design> {
  const { config, signal, watcher, run } = context;
  let before = given;
  const { design, records } = await runPasses(given, resolvePasses(config.optimize.passes), {
    context: { ...proofOptions(context, given, data), samples: data.train.count },
    now: () => performance.now(),
    conflictBudget: config.verify.conflicts,
    onPass: async (record, result) => {
      await eventLoopTurn();
      signal.throwIfAborted();
      watcher.line(formatPassLine(record));
      run.log("pass", { ...record, counterexample: undefined });
      steps.push(await passStep(steps.length, record, before, result, proofs));
      before = result;
    },
  });
  verdicts.push(...records.map((record) => record.verdict));
  return design;
}
