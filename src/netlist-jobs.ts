import { type NamedNetlist, namedCore } from "../compiler/ir/named-netlist.js";
import type { Netlist } from "../compiler/ir/netlist.js";
import { resolvePasses } from "../compiler/passes/registry.js";
import type { PassRecord } from "../compiler/passes/runner.js";
import type { EquivalenceVerdict } from "../compiler/verify/equivalence.js";
import { type JobOptions, runJob } from "./circuit/job.js";

/** What decides how hard a job tries, and how to stop it. */
export interface JobLimits {
  /** Every random choice comes from it; 1 unless given. */
  readonly seed?: number;
  /** Conflicts that one SAT query may cost; no bound unless given. */
  readonly conflicts?: number;
  readonly signal?: AbortSignal;
}

const effort = ({ seed = 1, conflicts }: JobLimits) => ({ seed, conflicts: conflicts ?? null });
const watched = ({ signal }: JobLimits, onNews: JobOptions["onNews"]): JobOptions => ({
  signal: signal ?? new AbortController().signal,
  seconds: null,
  onNews,
});

/** Prove two netlists equal, output by output, or find inputs on which they differ; in a thread of its own. */
export async function equivalent(
  a: Netlist,
  b: Netlist,
  limits: JobLimits = {},
): Promise<EquivalenceVerdict> {
  return (await runJob(
    { kind: "equiv", a, b, ...effort(limits) },
    watched(limits, () => {}),
  ))!;
}

/**
 * Run passes or pipelines that preserve the function, each proved, in a thread of its own.
 *
 * @returns the netlist after the last pass that was not refuted, and what every pass did, with its verdict.
 * @throws {UserError} for passes that there are not.
 */
export async function optimise(
  circuit: Netlist | NamedNetlist,
  passes: readonly string[] = ["default"],
  limits: JobLimits = {},
): Promise<{ netlist: Netlist; passes: readonly PassRecord[] }> {
  resolvePasses(passes);
  const named = "netlist" in circuit ? circuit : namedCore(circuit, "circuit");
  const records: PassRecord[] = [];
  const options = watched(limits, (news) => {
    if (news.tag === "pass") records.push(news.record);
  });
  const netlist = (await runJob({ kind: "opt", circuit: named, passes, ...effort(limits) }, options))!;
  return { netlist, passes: records };
}
