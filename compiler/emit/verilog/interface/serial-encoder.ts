import { type Encoder, hardwareWidth } from "../../../ir/encoder.js";
import { comparison, slice } from "../encoder.js";
import { moduleText, vector } from "../module.js";
import { bitNet, type ModuleNames } from "../names.js";
import { type Beats, placeOf } from "./beats.js";

/** An encoder bit that is stored: what it is compared to and when. */
interface StoredBit {
  readonly net: string;
  readonly row: number;
  readonly column: number;
  /** The comparison with the beat's data. */
  readonly test: string;
}

/**
 * The encoder for features that arrive beat by beat: compares each beat with its thresholds at once and stores only the
 * bits that the core reads, one flip-flop each.
 *
 * Ports: at a rising edge of `clk` with `beat` the beat in `data` is taken in; with `restart` the position goes back to the
 * first beat, also together with `beat`. `last` says that the position is that of the last beat. Beats after it are
 * ignored. The bits `x<i>` are whole from the edge of the last beat until the next first beat.
 *
 * @param used encoder bits that the core reads, ascending; the others are not built.
 * @remarks A bit is a mux of one four-input table and the flip-flop behind it. It is written as a sum of products,
 * because of a mux synthesis makes a clock enable for every beat: a table more for each, and too many enables to place.
 */
export function emitSerialEncoder(
  encoder: Encoder,
  used: readonly number[],
  beats: Beats,
  names: ModuleNames,
  comment: readonly string[],
): string {
  const tests = new Map<string, string>();
  const constants: string[] = [];
  const read = new Uint8Array(beats.lanes * beats.width);
  const stored: StoredBit[] = [];
  for (const i of used) {
    const bit = encoder.bits[i]!;
    const { type } = encoder.features[bit.feature]!;
    const { row, column, offset } = placeOf(beats, bit.feature);
    const expression = comparison(type, bit, slice("data", offset, hardwareWidth(type)));
    if (/^1'b[01]$/.test(expression)) {
      constants.push(`assign ${bitNet(i)} = ${expression};`);
      continue;
    }
    if (!tests.has(expression)) tests.set(expression, `t${tests.size}`);
    read.fill(1, offset, offset + hardwareWidth(type));
    stored.push({ net: bitNet(i), row, column, test: tests.get(expression)! });
  }
  return moduleText({
    comment,
    name: names.serialEncoder,
    inputs: ["clk", "restart", "beat", vector(read.length, "data")],
    outputs: ["last", ...used.map(bitNet)],
    body: [
      ...position(beats),
      ...[...tests].flatMap(([expression, net]) => [`wire ${net};`, `assign ${net} = ${expression};`]),
      ...constants,
      ...storage(stored, beats),
      ...unusedBits(read),
    ],
  });
}

/** The one-hot position: a ring of columns, and a row that moves on at its end and is gone after the last one. */
function position({ count, columns, rows }: Beats): string[] {
  const [row, column] = [rows - 1, (count - 1) % columns];
  const shifted = rows === 1 ? "1'b0" : `{row[${rows - 2}:0], 1'b0}`;
  const rotated = columns === 1 ? "column" : `{column[${columns - 2}:0], column[${columns - 1}]}`;
  return [
    `reg [${rows - 1}:0] row;`,
    `reg [${columns - 1}:0] column;`,
    `assign last = row[${row}] & column[${column}];`,
    "always @(posedge clk) begin",
    "  if (restart) begin",
    `    row <= ${rows}'d1;`,
    `    column <= ${columns}'d1;`,
    "  end else if (beat) begin",
    `    column <= ${rotated};`,
    `    if (column[${columns - 1}]) row <= ${shifted};`,
    "  end",
    "end",
  ];
}

/** A process a row, so that simulators do not look at every bit in every beat. */
function storage(stored: readonly StoredBit[], { rows }: Beats): string[] {
  const registers = stored.flatMap(({ net }) => [`reg r${net};`, `assign ${net} = r${net};`]);
  const processes = Array.from({ length: rows }, (_, r) => stored.filter(({ row }) => row === r)).flatMap(
    (bits, r) =>
      bits.length === 0
        ? []
        : [
            `always @(posedge clk) if (beat & row[${r}]) begin`,
            ...bits.map(
              ({ net, column, test }) =>
                `  r${net} <= (r${net} & ~column[${column}]) | (${test} & column[${column}]);`,
            ),
            "end",
          ],
  );
  return [...registers, ...processes];
}

/** Bits of the beat that nothing depends on, tied into one net so that linters see that they are known. */
function unusedBits(read: Uint8Array): string[] {
  const idle = Array.from(read.keys()).filter((bit) => read[bit] === 0);
  if (idle.length === 0) return [];
  return [
    "// Part of the beat, but nothing depends on them.",
    "wire unused_data;",
    "assign unused_data = &{",
    "  1'b0",
    ...idle.map((bit) => `  , data[${bit}]`),
    "};",
  ];
}
