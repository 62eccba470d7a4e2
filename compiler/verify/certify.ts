import { createCdclSolver } from "../../sat/cdcl/solver.js";
import { defineAnd, defineXor } from "../../sat/definitions.js";
import { DratProof, type ProofLog } from "../../sat/proof.js";
import type { Clause, Cnf } from "../../sat/solver.js";
import { GateKind } from "../ir/gate-functions.js";
import { firstGate, type Netlist, nodeCount } from "../ir/netlist.js";
import type { EquivalenceOptions } from "./equivalence.js";
import { joinNetlists } from "./miter.js";
import { Sweep } from "./sweep/sweep.js";

/** "Some output differs" as a formula, and the proof that it is unsatisfiable. */
export interface MiterProof {
  readonly formula: Cnf;
  readonly proof: DratProof;
}

/**
 * Prove two netlists equal so that others can check it: one formula, which says that some output differs, and a DRAT
 * proof of its unsatisfiability. The sweep runs again with every merge proved in one solver; the clauses that it derives
 * are the lemmas.
 *
 * The formula is written from the netlists alone, nothing hashed or simplified: node `n` of the joined netlist is
 * variable `n + 1`, and the difference of output `o` is variable `nodes + 1 + o`.
 *
 * @returns null when some output is not proved equal within the budget, or they differ.
 */
export async function proveByCertificate(
  a: Netlist,
  b: Netlist,
  options: Omit<EquivalenceOptions, "createSolver">,
): Promise<MiterProof | null> {
  const miter = joinNetlists(a, b);
  const proof = new DratProof();
  const createSolver = () => createCdclSolver(proof);
  const sweep = new Sweep(miter, { ...options, createSolver, certify: true });
  await sweep.run();
  const outputs = a.outputs.length;
  for (let o = 0; o < outputs; o++) {
    const [left, right] = [miter.outputs[o]!, miter.outputs[outputs + o]!];
    if (sweep.solver.differ(left, right, options.conflictBudget).tag !== "unsatisfiable") return null;
    closeOutput(proof, variableOf(left), nodeCount(miter) + 1 + o);
  }
  proof.add([]);
  return { formula: miterFormula(miter, outputs), proof };
}

const variableOf = (literal: number): number => {
  const v = (literal >>> 1) + 1;
  return (literal & 1) === 1 ? -v : v;
};

/** Both sides are equal by clauses before: then the difference is 0, by cases of the left side. */
function closeOutput(proof: ProofLog, left: number, difference: number): void {
  proof.add([-difference, left]);
  proof.add([-difference]);
}

/** Every gate, every difference, and "some difference is 1". */
function miterFormula(miter: Netlist, outputs: number): Cnf {
  const clauses: Clause[] = [[-1]];
  const sink = { addClause: (clause: Clause) => void clauses.push(clause) };
  for (let g = 0; g < miter.kind.length; g++) {
    const define = miter.kind[g] === GateKind.And ? defineAnd : defineXor;
    define(sink, firstGate(miter) + g + 1, variableOf(miter.fanin0[g]!), variableOf(miter.fanin1[g]!));
  }
  const differences = Array.from({ length: outputs }, (_, o) => nodeCount(miter) + 1 + o);
  for (const [o, difference] of differences.entries())
    defineXor(sink, difference, variableOf(miter.outputs[o]!), variableOf(miter.outputs[outputs + o]!));
  sink.addClause(differences);
  return { variables: nodeCount(miter) + outputs, clauses };
}
