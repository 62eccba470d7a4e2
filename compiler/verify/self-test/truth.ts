import { usedInputs } from "../../emit/verilog/core.js";
import type { ModuleNames } from "../../emit/verilog/names.js";
import type { Design } from "../../ir/design.js";
import { featureOffsets } from "../../ir/encoder.js";
import { gateCount, type Netlist } from "../../ir/netlist.js";
import { parseYosysJson, ReadBackFault } from "../../read/yosys-json.js";
import { encoderSpecification } from "../encoder-specification.js";
import type { EquivalenceVerdict } from "../equivalence.js";
import { coreNetlist, encoderNetlist, readoutNetlist } from "../rtl-modules.js";
import { classOf, electedClass, findDifference, outputsOf } from "./reference.js";
import { partOfFile } from "./verilog-faults.js";

/**
 * Whether two netlists differ: on all or many random inputs, or on the counterexample of a verdict, which counts only
 * if the plain evaluation bears it out.
 */
export function netlistsDiffer(a: Netlist, b: Netlist, seed: number, verdict: EquivalenceVerdict): boolean {
  const on = (netlist: Netlist) => (input: Uint8Array) => outputsOf(netlist, input);
  if (verdict.tag === "refuted") {
    const [left, right] = [on(a)(verdict.counterexample), on(b)(verdict.counterexample)];
    if (left.some((bit, o) => bit !== right[o])) return true;
  }
  return findDifference(a.inputs, gateCount(a) + gateCount(b), seed, on(a), on(b)) !== null;
}

/**
 * Whether Verilog with a fault computes something else than the design, in the part that the changed file belongs to.
 *
 * @param json what Yosys made of it; Verilog that it does not accept, and loops, are a difference.
 * @param compare proposes inputs on which encoder or core differ, where random ones show nothing.
 */
export async function verilogDiffers(
  design: Design,
  names: ModuleNames,
  json: string | null,
  changed: string,
  seed: number,
  compare: (a: Netlist, b: Netlist) => Promise<EquivalenceVerdict>,
): Promise<boolean> {
  if (json === null) return true;
  try {
    const modules = parseYosysJson(json);
    const part = partOfFile(changed);
    if (part === "readout") return readoutDiffers(design, readoutNetlist(modules, design, names), seed);
    const [expected, found] =
      part === "core"
        ? [design.core, coreNetlist(modules, design, names)]
        : [
            encoderSpecification(design.encoder, usedInputs(design.core)),
            encoderNetlist(modules, design, names),
          ];
    return netlistsDiffer(expected, found, seed, await compare(expected, found));
  } catch (error) {
    if (error instanceof ReadBackFault) return true;
    throw error;
  }
}

function readoutDiffers(design: Design, found: Netlist, seed: number): boolean {
  const index = (votes: Uint8Array): number[] => [
    outputsOf(found, votes).reduce((sum, bit, k) => sum + bit * 2 ** k, 0),
  ];
  const elected = (votes: Uint8Array): number[] => [electedClass(design, votes)];
  return findDifference(found.inputs, gateCount(found) + found.inputs, seed, index, elected) !== null;
}

/** Whether a vector file with a fault announces other samples than it holds, or a class that is not the design's. */
export function vectorsDiffer(design: Design, good: string, faulty: string): boolean {
  const [head, ...rows] = faulty.trimEnd().split("\n");
  if (Number(head) !== rows.length) return true;
  const known = new Set(good.split("\n"));
  return rows.some((row) => !known.has(row) && expectsAnotherClass(design, row));
}

function expectsAnotherClass(design: Design, row: string): boolean {
  const [hex, expected] = row.split(" ") as [string, string];
  const width = featureOffsets(design.encoder).at(-1)!;
  const raw = Array.from({ length: width }, (_, k) => {
    const digit = Number.parseInt(hex[hex.length - 1 - Math.floor(k / 4)]!, 16);
    return Math.floor(digit / 2 ** (k % 4)) % 2;
  });
  return classOf(design, raw) !== Number.parseInt(expected, 16);
}
