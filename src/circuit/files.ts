import { existsSync, statSync } from "node:fs";
import type { Design } from "../../compiler/ir/design.js";
import { type NamedNetlist, namedCore } from "../../compiler/ir/named-netlist.js";
import { decodeDesign } from "../../compiler/model/design-codec.js";
import { readFileChecked } from "../flow/files.js";
import { designIn } from "../flow/final-design.js";
import { circuitName, readCircuit } from "./formats.js";

/** A circuit, and the design that it is the core of when it comes from a run folder. */
export interface LoadedCircuit {
  readonly path: string;
  readonly circuit: NamedNetlist;
  readonly design: Design | null;
}

/** Read a circuit file, or the core of the design in a run folder. @throws {UserError} for what is neither. */
export function loadCircuit(path: string): LoadedCircuit {
  if (existsSync(path) && statSync(path).isDirectory()) {
    const file = designIn(path);
    const design = decodeDesign(readFileChecked(file, "dbnc build makes a run folder's design"), file);
    return { path, circuit: namedCore(design.core, circuitName(path)), design };
  }
  return { path, circuit: readCircuit(path), design: null };
}
