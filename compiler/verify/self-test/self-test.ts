import { invariant } from "../../../base/errors.js";
import { Random } from "../../../base/random.js";
import { moduleNames } from "../../emit/verilog/names.js";
import type { Design } from "../../ir/design.js";
import type { Netlist } from "../../ir/netlist.js";
import type { EquivalenceVerdict } from "../equivalence.js";
import { type FaultKind, judge, type Outcome, plantFaults } from "./fault.js";
import { NETLIST_FAULTS } from "./netlist-faults.js";
import { netlistsDiffer, vectorsDiffer, verilogDiffers } from "./truth.js";
import { VECTOR_FAULTS } from "./vector-faults.js";
import { VERILOG_FAULTS, type VerilogFiles } from "./verilog-faults.js";

/** What a run holds, each part proved or agreed as it stands. */
export interface SelfTestSubject {
  readonly design: Design;
  /** What the design's core was proved equal to. */
  readonly reference: Netlist;
  readonly name: string;
  readonly verilog: VerilogFiles;
  /** The testbench's vector file. */
  readonly vectors: string;
}

/** The checks under test, as the verify and simulate stages use them. */
export interface Checks {
  netlist(expected: Netlist, found: Netlist): Promise<EquivalenceVerdict>;
  /**
   * @param changed the one file that was changed.
   * @returns `json` is what Yosys made of the files, null if it did not accept them.
   */
  verilog(
    files: VerilogFiles,
    changed: string,
  ): Promise<{ verdict: "proved" | "refuted" | "unknown"; json: string | null }>;
  vectors(text: string): "agreed" | "refuted";
}

export interface SelfTestFault {
  readonly target: "netlist" | "verilog" | "vectors";
  readonly kind: string;
  /** Where it was planted. */
  readonly what: string;
  readonly outcome: Outcome;
}

export interface SelfTestOptions {
  readonly seed: number;
  /** Faults planted in each of netlist, Verilog and vectors. */
  readonly faults: number;
  readonly onFault: (fault: SelfTestFault, done: number, total: number) => void;
}

/**
 * Test the checks: plant single faults and see whether each is caught, or proved harmless if it is. Whether a fault
 * changes the function is found out by evaluation that shares nothing with the checks (`reference.ts`).
 */
export async function selfTest(
  subject: SelfTestSubject,
  checks: Checks,
  options: SelfTestOptions,
): Promise<SelfTestFault[]> {
  const { design, reference, name, verilog, vectors } = subject;
  const { seed } = options;
  const found: SelfTestFault[] = [];
  const plant = async <T>(
    target: SelfTestFault["target"],
    kinds: readonly FaultKind<T>[],
    good: T,
    outcomeOf: (faulty: T) => Promise<Outcome>,
  ): Promise<void> => {
    const random = Random.forPurpose(seed, `self-test ${target}`);
    for (const { kind, what, faulty } of plantFaults(kinds, good, options.faults, random)) {
      const fault = { target, kind, what, outcome: await outcomeOf(faulty) };
      found.push(fault);
      options.onFault(fault, found.length, 3 * options.faults);
    }
  };
  await plant("netlist", NETLIST_FAULTS, design.core, async (faulty) => {
    const verdict = await checks.netlist(reference, faulty);
    return judge(verdict.tag, netlistsDiffer(reference, faulty, seed, verdict));
  });
  await plant("verilog", VERILOG_FAULTS, verilog, async (faulty) => {
    const changed = [...faulty.keys()].find((file) => faulty.get(file) !== verilog.get(file));
    invariant(changed !== undefined, "a planted fault changed nothing");
    const { verdict, json } = await checks.verilog(faulty, changed);
    const compare = (a: Netlist, b: Netlist): Promise<EquivalenceVerdict> => checks.netlist(a, b);
    return judge(verdict, await verilogDiffers(design, moduleNames(name), json, changed, seed, compare));
  });
  await plant("vectors", VECTOR_FAULTS, vectors, async (faulty) => {
    const verdict = checks.vectors(faulty);
    return judge(verdict === "agreed" ? "proved" : verdict, vectorsDiffer(design, vectors, faulty));
  });
  return found;
}
