import { emitCModel, emitCTest } from "../../../compiler/emit/c-model.js";
import type { Design } from "../../../compiler/ir/design.js";
import { emitCocotbTest } from "./cocotb.js";
import { makefile } from "./makefile.js";
import { edam, fuseSocCore } from "./metadata.js";

/** What the files of a hand-over refer to. Paths are relative to the run folder. */
export interface HandOver {
  /** The run's name as Verilog modules have it. */
  readonly base: string;
  readonly comment: readonly string[];
  readonly version: string;
  /** Verilog of the circuit. */
  readonly rtl: readonly string[];
  /** The outermost module, for lint and synthesis. */
  readonly outermost: string;
  /** The testbench through the outermost module: file and module. */
  readonly bench: { readonly file: string; readonly module: string };
  readonly vectors: string;
  /** Of them, how many the testbench takes; null for all. */
  readonly samples: number | null;
  /** Clock edges from `features` of the top to `class_index`. */
  readonly latency: number;
}

/** Everything that lets other tools take the run folder as it is (docs/hand-over.md). @returns path to text. */
export function handOverFiles(design: Design, name: string, hand: HandOver): Map<string, string> {
  const { base, comment, rtl } = hand;
  return new Map([
    [`${base}.f`, [...comment.map((line) => `// ${line}`), ...rtl, ""].join("\n")],
    [`${base}.core`, fuseSocCore(hand)],
    [`${base}.eda.yml`, edam(hand)],
    ["Makefile", makefile(hand)],
    [`tb/test_${base}.py`, emitCocotbTest(hand)],
    [`c/${base}.h`, emitCModel(design, name, comment)],
    [`c/${base}_test.c`, emitCTest(design, name, comment)],
  ]);
}
