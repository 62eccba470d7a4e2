import { basename, extname } from "node:path";
import { UserError } from "../../base/errors.js";
import { emitAiger, emitAsciiAiger } from "../../compiler/emit/aiger.js";
import { emitBlif } from "../../compiler/emit/blif.js";
import type { NamedNetlist } from "../../compiler/ir/named-netlist.js";
import { readAiger } from "../../compiler/read/aiger.js";
import { readBlif } from "../../compiler/read/blif.js";
import { readFileChecked, writeFileAtomic } from "../flow/files.js";

/** The formats of circuits by file extension (docs/formats/netlists.md). */
const FORMATS = {
  ".aig": { read: readAiger, emit: emitAiger },
  ".aag": { read: readAiger, emit: emitAsciiAiger },
  ".blif": { read: readBlif, emit: emitBlif },
} as const;

/** Extensions of the files that hold a circuit. */
export const CIRCUIT_EXTENSIONS: readonly string[] = Object.keys(FORMATS);

function formatOf(path: string): (typeof FORMATS)[keyof typeof FORMATS] {
  const extension = extname(path).toLowerCase();
  if (Object.hasOwn(FORMATS, extension)) return FORMATS[extension as keyof typeof FORMATS];
  throw new UserError(
    "circuit/format",
    `${path}: expected a file that ends in ${CIRCUIT_EXTENSIONS.join(", ")} but found "${extension}"`,
    "the extension names the format; a run folder stands for the design in it",
  );
}

/** Read a circuit file. @throws {UserError} for what is none. */
export function readCircuit(path: string): NamedNetlist {
  const { read } = formatOf(path);
  return read(readFileChecked(path, "check the path"), path, circuitName(path));
}

/** The file's name without its extension, as far as every format can hold it. */
export const circuitName = (path: string): string =>
  basename(path, extname(path)).replace(/[^\w.-]/g, "_") || "circuit";

/** How to write circuits to this path. @throws {UserError} at once when the extension names no format. */
export function circuitWriter(path: string): (circuit: NamedNetlist, comment: readonly string[]) => void {
  const { emit } = formatOf(path);
  return (circuit, comment) => writeFileAtomic(path, emit(circuit, comment));
}
