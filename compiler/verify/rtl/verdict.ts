import type { SolverFactory } from "../../../sat/solver.js";
import type { Netlist } from "../../ir/netlist.js";
import { ReadBackFault } from "../../read/yosys-json.js";
import { checkEquivalent, type EquivalenceVerdict } from "../equivalence.js";
import { describeSweep } from "../sweep/statistics.js";

export interface RtlPart {
  readonly part: string;
  readonly verdict: "proved" | "refuted" | "unknown";
  /** How it was proved, or what is wrong. */
  readonly how: string;
}

/** Two netlists that were compared, expected and found. */
export interface RtlMiter {
  readonly part: string;
  /** Encoder, core or a module's name. */
  readonly what: string;
  readonly expected: Netlist;
  readonly found: Netlist;
  readonly verdict: EquivalenceVerdict;
}

export interface RtlOptions {
  readonly createSolver: SolverFactory;
  readonly seed: number;
  readonly conflictBudget?: number;
  readonly cancelled?: () => boolean;
  /** Called after each equivalence: of the encoder, the core, or the class index. */
  readonly onMiter?: (miter: RtlMiter) => void | Promise<void>;
}

/** Why a part is not proved. */
class Unproved extends Error {
  constructor(
    readonly verdict: "refuted" | "unknown",
    reason: string,
  ) {
    super(reason);
  }
}

/** What a proof says, which throws when it fails. @param prove gives how it was proved. */
export async function judge(prove: () => Promise<string>): Promise<Omit<RtlPart, "part">> {
  try {
    return { verdict: "proved", how: await prove() };
  } catch (error) {
    if (error instanceof ReadBackFault) return { verdict: "refuted", how: error.message };
    if (error instanceof Unproved) return { verdict: error.verdict, how: error.message };
    throw error;
  }
}

/**
 * Prove two netlists equal.
 *
 * @param part whose miter it is.
 * @param name what is compared.
 * @param what an output is called where it differs.
 */
export async function compare(
  part: string,
  name: string,
  expected: Netlist,
  found: Netlist,
  what: (output: number) => string,
  options: RtlOptions,
): Promise<string> {
  const verdict = await checkEquivalent(expected, found, options);
  await options.onMiter?.({ part, what: name, expected, found, verdict });
  if (verdict.tag === "refuted") throw new Unproved("refuted", `${what(verdict.output)} differs`);
  if (verdict.tag === "unknown") {
    throw new Unproved(
      "unknown",
      `${verdict.outputs.length} outputs undecided (${verdict.reason}), first ${what(verdict.outputs[0]!)}`,
    );
  }
  return `${found.outputs.length} outputs; ${describeSweep(verdict.statistics)}`;
}
