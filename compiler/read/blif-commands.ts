import type { BlifFail, BlifLine } from "./blif-lines.js";
import type { Instance, Model, Table } from "./blif-models.js";

/** Commands of BLIF that ask for what is not combinational logic in one file. */
const REFUSED: ReadonlyMap<string, string> = new Map([
  [".latch", "a combinational circuit"],
  [".mlatch", "a combinational circuit"],
  [".clock", "a combinational circuit"],
  [".start_kiss", "a combinational circuit"],
  [".gate", "logic as .names"],
  [".search", "everything in one file"],
  [".exdc", "no external don't-cares"],
]);

/** Numbers of signals by name in one model. */
const numbered = ({ signals }: Model, names: readonly string[]): number[] =>
  names.map((name) => {
    const known = signals.get(name);
    if (known !== undefined) return known;
    signals.set(name, signals.size);
    return signals.size - 1;
  });

/** Take one command; gives the table that the next rows belong to. */
export function addCommand(model: Model, { number, words }: BlifLine, fail: BlifFail): Table | undefined {
  const [command, ...rest] = words as [string, ...string[]];
  switch (command) {
    case ".inputs":
    case ".outputs": {
      const ports = command === ".inputs" ? model.inputs : model.outputs;
      for (const signal of numbered(model, rest)) ports.push(signal);
      return undefined;
    }
    case ".names": {
      if (rest.length === 0) fail("names", number, "at least the output's name after .names", "none");
      const signals = numbered(model, rest);
      const table: Table = { line: number, output: signals.pop()!, inputs: signals, rows: [], phase: null };
      model.tables.push(table);
      return table;
    }
    case ".subckt":
      model.instances.push(instanceOf(model, number, rest, fail));
      return undefined;
    default: {
      const wanted = REFUSED.get(command);
      return fail("command", number, wanted ?? "a command of BLIF", command);
    }
  }
}

function instanceOf(model: Model, line: number, words: readonly string[], fail: BlifFail): Instance {
  const [name, ...connections] = words;
  if (name === undefined) return fail("subckt", line, "a model's name after .subckt", "none");
  const pins = new Map<string, number>();
  for (const connection of connections) {
    const at = connection.indexOf("=");
    if (at < 1 || at === connection.length - 1)
      fail("subckt", line, "connections such as formal=actual", `"${connection}"`);
    const formal = connection.slice(0, at);
    if (pins.has(formal)) fail("subckt", line, "one connection of each pin", `a second one of "${formal}"`);
    pins.set(formal, numbered(model, [connection.slice(at + 1)])[0]!);
  }
  return { line, model: name, pins };
}

/** `11 1`, or `1` alone in a table without inputs. */
export function addRow(table: Table, { number, words }: BlifLine, fail: BlifFail): void {
  const width = table.inputs.length;
  const [pattern, value] = width === 0 ? ["", words[0]!] : [words[0]!, words[1]];
  if (words.length !== (width === 0 ? 1 : 2) || pattern.length !== width || !/^[01-]*$/.test(pattern))
    fail("row", number, `a row of ${width} columns of 0, 1 and -, and its value`, `"${words.join(" ")}"`);
  if (value !== "0" && value !== "1") fail("row", number, "the value 0 or 1", `"${value}"`);
  if (table.phase !== null && table.phase !== value)
    fail("row", number, `rows of one value, ${table.phase}`, value);
  table.phase = value;
  table.rows.push(pattern);
}
