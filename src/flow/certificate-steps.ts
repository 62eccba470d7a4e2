import type { Design } from "../../compiler/ir/design.js";
import type { Netlist } from "../../compiler/ir/netlist.js";
import type { PassRecord } from "../../compiler/passes/runner.js";
import type { EquivalenceVerdict } from "../../compiler/verify/equivalence.js";
import type { RtlMiter, RtlPart } from "../../compiler/verify/rtl.js";
import { describeSweep, type SweepStatistics } from "../../compiler/verify/sweep/statistics.js";
import { createCdclSolver } from "../../sat/cdcl/solver.js";
import type { CertificateStep, ProofRecord } from "../report/certificate.js";
import { designSide, type ProofWriter, type Side } from "./certificate.js";

const solverName = (): string => createCdclSolver().name;

/** @param sweep null after a counterexample. */
const sweepText = (sweep: SweepStatistics | null): string =>
  sweep === null
    ? "a counterexample, simulated on both sides"
    : `sweep of the miter; ${describeSweep(sweep)}`;

/** @param disagreement what differs, null when nothing does. */
export function freezeStep(model: Side, frozen: Design, disagreement: string | null): CertificateStep {
  return {
    step: "freeze",
    claim: "the frozen design computes the model",
    left: model,
    right: designSide("design after freeze", frozen),
    verdict: disagreement === null ? "proved" : "refuted",
    how: disagreement ?? "every gate on its four patterns, then every sample of every split",
    solver: null,
    conflicts: null,
    proofs: [],
  };
}

/** Pass number `index`, from 1. */
export async function passStep(
  index: number,
  { name, verdict, sweep }: PassRecord,
  before: Design,
  after: Design,
  proofs: ProofWriter,
): Promise<CertificateStep> {
  return {
    step: `pass ${index}: ${name}`,
    claim: "the core after the pass computes the core before it",
    left: designSide(`design before ${name}`, before),
    right: designSide(`design after ${name}`, after),
    verdict,
    how: sweepText(sweep),
    solver: solverName(),
    conflicts: sweep?.conflicts ?? null,
    proofs: verdict === "proved" ? await proofs.write(`${index}-${name}`, before.core, after.core) : [],
  };
}

/** The step of applying edits. */
export const EDITS = "prune: substitutions";

/** @param literal the design before, literally rewired: what the edits mean. @param edits in words. */
export async function editStep(
  name: string,
  edits: string,
  literal: Design,
  pruned: Design,
  verdict: EquivalenceVerdict,
  proofs: ProofWriter,
): Promise<CertificateStep> {
  const sweep = verdict.tag === "refuted" ? null : verdict.statistics;
  return {
    step: EDITS,
    claim: `the pruned core computes the core before it, literally rewired by ${edits} (lossy)`,
    left: designSide("design literally rewired", literal),
    right: designSide("design after substitutions", pruned),
    verdict: verdict.tag,
    how: sweepText(sweep),
    solver: solverName(),
    conflicts: sweep?.conflicts ?? null,
    proofs: verdict.tag === "proved" ? await proofs.write(name, literal.core, pruned.core) : [],
  };
}

/** @param verdict null when encoder, readout or ports differ. */
export async function designStep(
  model: Side,
  design: Side,
  verdict: EquivalenceVerdict | null,
  [frozen, optimised]: readonly [Netlist, Netlist],
  proofs: ProofWriter,
): Promise<CertificateStep> {
  const sweep = verdict === null || verdict.tag === "refuted" ? null : verdict.statistics;
  return {
    step: "design",
    claim: "the design computes the model: encoder and readout are the same, the cores equal",
    left: model,
    right: design,
    verdict: verdict?.tag ?? "refuted",
    how: verdict === null ? "encoder, readout or ports differ" : sweepText(sweep),
    solver: solverName(),
    conflicts: sweep?.conflicts ?? null,
    proofs: verdict?.tag === "proved" ? await proofs.write("design", frozen, optimised) : [],
  };
}

/** One step for each part of the Verilog, with proofs of the miters that it was proved by. */
export async function rtlSteps(
  design: Side,
  verilog: Side,
  parts: readonly RtlPart[],
  miters: readonly RtlMiter[],
  proofs: ProofWriter,
): Promise<CertificateStep[]> {
  const steps: CertificateStep[] = [];
  for (const { part, verdict, how } of parts) {
    const own = miters.filter((miter) => miter.part === part);
    const written: ProofRecord[] = [];
    for (const {
      what,
      expected,
      found,
      verdict: { tag },
    } of own)
      if (tag === "proved") written.push(...(await proofs.write(what, expected, found)));
    steps.push({
      step: `Verilog: ${part}`,
      claim: `${part} of the Verilog, as Yosys reads it, is that of the design`,
      left: design,
      right: verilog,
      verdict,
      how,
      solver: own.length === 0 ? null : solverName(),
      conflicts: own.length === 0 ? null : own.reduce((sum, miter) => sum + conflictsOf(miter), 0),
      proofs: written,
    });
  }
  return steps;
}

const conflictsOf = ({ verdict }: RtlMiter): number =>
  verdict.tag === "refuted" ? 0 : (verdict.statistics.conflicts ?? 0);
