import { existsSync, statSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { UserError } from "../../base/errors.js";
import { emitAiger, emitAsciiAiger } from "../../compiler/emit/aiger.js";
import { emitBlif } from "../../compiler/emit/blif.js";
import type { Design } from "../../compiler/ir/design.js";
import { type NamedNetlist, namedCore } from "../../compiler/ir/named-netlist.js";
import { decodeDesign } from "../../compiler/model/design-codec.js";
import { readAiger } from "../../compiler/read/aiger.js";
import { readBlif } from "../../compiler/read/blif.js";
import { readFileChecked, writeFileAtomic } from "../flow/files.js";
import { DESIGN } from "../flow/stages/optimize.js";

/** The formats of circuits by file extension (docs/formats/netlists.md). */
const FORMATS = {
  ".aig": { read: readAiger, emit: emitAiger },
  ".aag": { read: readAiger, emit: emitAsciiAiger },
  ".blif": { read: readBlif, emit: emitBlif },
} as const;

function formatOf(path: string): (typeof FORMATS)[keyof typeof FORMATS] {
  const extension = extname(path).toLowerCase();
  if (Object.hasOwn(FORMATS, extension)) return FORMATS[extension as keyof typeof FORMATS];
  throw new UserError(
    "circuit/format",
    `${path}: expected a file that ends in ${Object.keys(FORMATS).join(", ")} but found "${extension}"`,
    "the extension names the format; a run folder stands for the design in it",
  );
}

/** A circuit, and the design that it is the core of when it comes from a run folder. */
export interface LoadedCircuit {
  readonly path: string;
  readonly circuit: NamedNetlist;
  readonly design: Design | null;
}

/** Read a circuit file, or the core of the design in a run folder. @throws {UserError} for what is neither. */
export function loadCircuit(path: string): LoadedCircuit {
  if (existsSync(path) && statSync(path).isDirectory()) {
    const file = join(path, DESIGN);
    const design = decodeDesign(readFileChecked(file, "dbnc build makes a run folder's design"), file);
    return { path, circuit: namedCore(design.core, circuitName(path)), design };
  }
  const { read } = formatOf(path);
  const bytes = readFileChecked(path, "check the path");
  return { path, circuit: read(bytes, path, circuitName(path)), design: null };
}

/** The file's name without its extension, as far as every format can hold it. */
const circuitName = (path: string): string =>
  basename(path, extname(path)).replace(/[^\w.-]/g, "_") || "circuit";

/** How to write circuits to this path. @throws {UserError} at once when the extension names no format. */
export function circuitWriter(path: string): (circuit: NamedNetlist, comment: readonly string[]) => void {
  const { emit } = formatOf(path);
  return (circuit, comment) => writeFileAtomic(path, emit(circuit, comment));
}
