import { count } from "../../../base/format.js";
import type { Design } from "../../../compiler/ir/design.js";
import { resolvePasses } from "../../../compiler/passes/registry.js";
import { formatPassLine, runPasses } from "../../../compiler/passes/runner.js";
import { literally, substitutionsOf, trimsOf } from "../../../compiler/prune/edits.js";
import { foldReadout } from "../../../compiler/prune/readout-fold.js";
import { checkEquivalent } from "../../../compiler/verify/equivalence.js";
import { sameDecisions } from "../../../compiler/verify/same-decisions.js";
import { createCdclSolver } from "../../../sat/cdcl/solver.js";
import { timeLimited } from "../../../sat/time-limit.js";
import type { CertificateStep } from "../../report/certificate.js";
import type { Verdict } from "../../report/schema.js";
import { designSide, type ProofWriter } from "../certificate.js";
import { EDITS, editStep, passStep } from "../certificate-steps.js";
import { eventLoopTurn } from "../event-loop.js";
import { encodeSplit, type PreparedData } from "../prepared-data.js";
import type { StageContext } from "../stage.js";
import type { SearchResult } from "./search.js";

/** What a pruning works on, and what was proved on the way. */
export interface PruneWork {
  readonly context: StageContext;
  readonly data: PreparedData;
  readonly proofs: ProofWriter;
  readonly steps: CertificateStep[];
  readonly verdicts: Verdict[];
}

/** Prove that the edits were applied as they read. @returns whether they may have been: false when it is refuted. */
export async function proveApplied(work: PruneWork, given: Design, found: SearchResult): Promise<boolean> {
  const { context, data, proofs, steps, verdicts } = work;
  const { config, signal, watcher } = context;
  const literal = { ...literally(given, found.list), readout: found.design.readout };
  const verdict = await checkEquivalent(literal.core, found.design.core, {
    ...proofOptions(context, given, data),
    conflictBudget: config.verify.conflicts,
  });
  signal.throwIfAborted();
  const [substitutions, trims] = [substitutionsOf(found.list).length, trimsOf(found.list).length];
  const what = `${count(substitutions)} substitutions${trims === 0 ? "" : ` and ${count(trims)} trimmed votes`}`;
  watcher.line(`${what} applied: ${verdict.tag}`);
  const name = steps.some(({ step }) => step === EDITS) ? `substitutions-${steps.length}` : "substitutions";
  steps.push(await editStep(name, what, literal, found.design, verdict, proofs));
  verdicts.push(verdict.tag);
  return verdict.tag !== "refuted";
}

/** The design with its readout folded, which is proved. */
export function fold({ steps, verdicts }: PruneWork, design: Design): Design {
  const folded = foldReadout(design);
  const verdict = sameDecisions(design, folded) ? "proved" : "refuted";
  steps.push({
    step: "prune: readout",
    claim: "the folded readout decides as the one before",
    left: designSide("design before folding", design),
    right: designSide("design after folding", folded),
    verdict,
    how: "scores compared as linear functions of the core's nodes",
    solver: null,
    conflicts: null,
    proofs: [],
  });
  verdicts.push(verdict);
  return folded;
}

const proofOptions = ({ config, signal }: StageContext, { encoder }: Design, data: PreparedData) => ({
  seed: config.seed,
  patterns: encodeSplit(encoder, data.train).bits,
  createSolver: timeLimited(createCdclSolver, 1000 * config.verify.queryTimeout),
  cancelled: () => signal.aborted,
});

/**
 * What a search came to, proved to be what its edits say, its readout folded, then the passes run on it, all proved.
 *
 * @param isSmall whether a design is small enough: where the passes end above what the search measured, they are left out.
 */
export async function finishRound(
  work: PruneWork,
  given: Design,
  found: SearchResult,
  isSmall: (design: Design) => boolean,
): Promise<Design> {
  if (!(await proveApplied(work, given, found))) return found.design;
  const folded = fold(work, found.design);
  const tidied = await tidy(work, folded);
  return found.met && !isSmall(tidied) ? folded : tidied;
}

/** Run the exact passes, each proved. */
export async function tidy(work: PruneWork, given: Design): Promise<Design> {
  const { context, data, proofs, steps, verdicts } = work;
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
