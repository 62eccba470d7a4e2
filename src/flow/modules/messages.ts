import type { Netlist } from "../../../compiler/ir/netlist.js";
import type { YosysModule } from "../../../compiler/read/yosys-json.js";
import type { RtlMiter, RtlPart } from "../../../compiler/verify/rtl.js";

/** What modules are proved against, and how hard it is tried: told once to each process. */
export interface Assignment {
  readonly core: Netlist;
  readonly native: boolean;
  readonly seed: number;
  readonly conflictBudget: number;
  /** Seconds that one query of the solver may take. */
  readonly queryTimeout: number;
}

/** One module of the core, to be read and proved. */
export interface ModuleFile {
  readonly module: string;
  readonly text: string;
}

export type Request = Assignment | ModuleFile;

/** What is known of a module then; `ports` is null if Yosys did not accept it. */
export interface ModuleProof {
  readonly proof: RtlPart;
  readonly miters: readonly RtlMiter[];
  readonly ports: YosysModule["ports"] | null;
}

/** A tool that is missing or broke is passed on as an error of the user's. */
export type Answer =
  | ModuleProof
  | { readonly code: string; readonly message: string; readonly hint: string; readonly exitCode: number };
