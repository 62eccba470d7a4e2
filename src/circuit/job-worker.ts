import { parentPort } from "node:worker_threads";
import { designOf } from "../../compiler/ir/named-netlist.js";
import type { Netlist } from "../../compiler/ir/netlist.js";
import { resolvePasses } from "../../compiler/passes/registry.js";
import { runPasses } from "../../compiler/passes/runner.js";
import { checkEquivalent, type EquivalenceVerdict } from "../../compiler/verify/equivalence.js";
import { createCdclSolver } from "../../sat/cdcl/solver.js";
import type { Job, JobMessage } from "./job.js";

const port = parentPort!;
const budgetOf = ({ conflicts }: Job): { conflictBudget?: number } =>
  conflicts === null ? {} : { conflictBudget: conflicts };
const say = (message: JobMessage): void => port.postMessage(message);

function equiv(job: Extract<Job, { kind: "equiv" }>): Promise<EquivalenceVerdict> {
  return checkEquivalent(job.a, job.b, {
    createSolver: createCdclSolver,
    seed: job.seed,
    onProgress: (label, done, total) => say({ tag: "progress", label, done, total }),
    ...budgetOf(job),
  });
}

async function opt(job: Extract<Job, { kind: "opt" }>): Promise<Netlist> {
  const { design } = await runPasses(designOf(job.circuit), resolvePasses(job.passes), {
    context: { seed: job.seed, patterns: [], samples: 0, createSolver: createCdclSolver },
    ...budgetOf(job),
    onProgress: (label, done, total) => say({ tag: "progress", label, done, total }),
    now: () => performance.now(),
    onPass: (record) => say({ tag: "pass", record }),
  });
  return design.core;
}

port.once("message", (job: Job) => {
  void (job.kind === "equiv" ? equiv(job) : opt(job)).then((result) => say({ tag: "done", result }));
});
