import type { Random } from "../../../base/random.js";
import { type FaultKind, pick } from "./fault.js";

/** Emitted Verilog, file name to text. */
export type VerilogFiles = ReadonlyMap<string, string>;

/** Which part of the design a file belongs to, by its name; no fault is planted in the top. */
export function partOfFile(file: string): "top" | "encoder" | "core" | "readout" {
  if (/_top\.v$/.test(file)) return "top";
  if (/_encoder\.v$/.test(file)) return "encoder";
  return /_core(_p\d+)?\.v$/.test(file) ? "core" : "readout";
}

interface Place {
  readonly file: string;
  readonly line: number;
  readonly match: RegExpExecArray;
}

/** Every line of the files of that name that matches. */
function places(files: VerilogFiles, name: RegExp, pattern: RegExp): Place[] {
  return [...files].flatMap(([file, text]) =>
    name.test(file)
      ? text.split("\n").flatMap((row, line) => {
          const match = pattern.exec(row);
          return match === null ? [] : [{ file, line, match }];
        })
      : [],
  );
}

function withLines(files: VerilogFiles, file: string, lines: ReadonlyMap<number, string>): VerilogFiles {
  const rows = files.get(file)!.split("\n");
  for (const [line, text] of lines) rows[line] = text;
  return new Map(files).set(file, rows.join("\n"));
}

/** A fault in one line; `edit` gives what replaces it, or null where it has nothing to spoil. */
const lineFault = (
  name: string,
  file: RegExp,
  pattern: RegExp,
  edit: (match: RegExpExecArray, text: string, random: Random) => string | null,
): FaultKind<VerilogFiles> => ({
  name,
  plant(files, random) {
    const found = places(files, file, pattern);
    if (found.length === 0) return null;
    const place = pick(found, random);
    const edited = edit(place.match, files.get(place.file)!, random);
    if (edited === null || edited === place.match.input) return null;
    const what = `${place.file}:${place.line + 1}: ${edited.trim()}`;
    return { what, faulty: withLines(files, place.file, new Map([[place.line, edited]])) };
  },
});

const GATES = /_core_p\d+\.v$/;
const CORE = /_core\.v$/;
const GATE = /^( {2}assign n\d+ = ~?\(?~?)(\w+)( )([&^])( .*;)$/;

const swappedOutputs: FaultKind<VerilogFiles> = {
  name: "swapped outputs",
  plant(files, random) {
    const found = places(files, CORE, /^( {2}assign y\d+ = )(.*)$/);
    if (found.length < 2) return null;
    const a = random.below(found.length);
    const [x, y] = [found[a]!, found[(a + 1 + random.below(found.length - 1)) % found.length]!];
    if (x.match[2] === y.match[2]) return null;
    const lines = new Map([
      [x.line, `${x.match[1]}${y.match[2]}`],
      [y.line, `${y.match[1]}${x.match[2]}`],
    ]);
    return { what: `${x.file}:${x.line + 1} and ${y.line + 1}`, faulty: withLines(files, x.file, lines) };
  },
};

/** Single faults in the text of the emitted Verilog. Commuted operands are one that must be proved harmless. */
export const VERILOG_FAULTS: readonly FaultKind<VerilogFiles>[] = [
  lineFault(
    "gate function",
    GATES,
    GATE,
    ([, head, a, gap, sign, rest]) => `${head}${a}${gap}${sign === "&" ? "^" : "&"}${rest}`,
  ),
  lineFault("lost inverter", GATES, /^( {2}assign .*)~(.*)$/, ([, head, tail]) => `${head}${tail}`),
  lineFault("wire", GATES, GATE, ([, head, , gap, sign, rest], text, random) => {
    // An input port of the module: another wire could close a loop.
    const ports = [...text.matchAll(/^ {2}input {2}wire (\w+),?$/gm)].map((match) => match[1]!);
    return ports.length === 0 ? null : `${head}${pick(ports, random)}${gap}${sign}${rest}`;
  }),
  lineFault("dropped gate", GATES, GATE, ([line]) => line.replace(/=.*/, "= 1'b0;")),
  lineFault("inverted output", CORE, /^( {2}assign y\d+ = )(.*)$/, ([, head, rest]) => `${head}~${rest}`),
  swappedOutputs,
  lineFault(
    "tie rule",
    /_higher_\d+\.v$/,
    /^( {2}assign \w+ = \(b0 )&( ~a0\).*)$/,
    ([, head, rest]) => `${head}|${rest}`,
  ),
  lineFault(
    "lost carry",
    /_count_\w+\.v$/,
    /^( {2}assign w\d+ = )(\(\w+ & \w+\) \| |\w+ & )(.*)$/,
    ([, head, , rest]) => `${head}${rest}`,
  ),
  lineFault(
    "dropped vote",
    /_readout\.v$/,
    /^( {4}\.i0_\d+\()y\d+(\).*)$/,
    ([, head, rest]) => `${head}1'b0${rest}`,
  ),
  lineFault(
    "class index",
    /_index\.v$/,
    /^(.*'d)(\d+)(\D*)$/,
    ([, head, index, rest]) => `${head}${Number(index) ^ 1}${rest}`,
  ),
  lineFault(
    "threshold",
    /_encoder\.v$/,
    /^(.*'s?d)(\d+)(\).*)$/,
    ([, head, value, rest]) => `${head}${Number(value) ^ 1}${rest}`,
  ),
  lineFault(
    "commuted operands",
    GATES,
    /^( {2}assign n\d+ = )(~?\w+) ([&^]) (~?\w+);$/,
    ([, head, a, sign, b]) => `${head}${b} ${sign} ${a};`,
  ),
];
