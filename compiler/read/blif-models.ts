import { addCommand, addRow } from "./blif-commands.js";
import { type BlifFail, blifLines } from "./blif-lines.js";

/** `.names`: one signal as a function of others. */
export interface Table {
  readonly line: number;
  /** Signals of the model that it reads. */
  readonly inputs: readonly number[];
  readonly output: number;
  /** Each as long as `inputs`, of `0`, `1` and `-`. */
  readonly rows: string[];
  /** What the rows give; all others give the complement. */
  phase: "0" | "1" | null;
}

/** `.subckt`: another model at work in this one. */
export interface Instance {
  readonly line: number;
  readonly model: string;
  /** Formal name to signal. */
  readonly pins: ReadonlyMap<string, number>;
}

/** One `.model`; signals are numbered in order of appearance. */
export interface Model {
  readonly name: string;
  readonly line: number;
  readonly signals: Map<string, number>;
  readonly inputs: number[];
  readonly outputs: number[];
  readonly tables: Table[];
  readonly instances: Instance[];
}

/** What tools write down for others and what has no bearing on the function. */
const IGNORED: ReadonlySet<string> = new Set(
  (
    ".area .delay .wire_load_slope .wire .input_arrival .default_input_arrival .output_required " +
    ".default_output_required .input_drive .default_input_drive .max_input_load .default_max_input_load " +
    ".output_load .default_output_load .cname .attr .param"
  ).split(" "),
);

/** The models of a file in order. @throws {UserError} with the line of the first mistake. */
export function parseModels(text: string, defaultName: string, fail: BlifFail): Model[] {
  const models = new Map<string, Model>();
  let open: Model | undefined;
  let table: Table | undefined;
  const begin = (name: string, line: number): Model => {
    if (models.has(name)) fail("model", line, "one model of each name", `a second "${name}"`);
    const made: Model = {
      name,
      line,
      signals: new Map(),
      inputs: [],
      outputs: [],
      tables: [],
      instances: [],
    };
    models.set(name, made);
    return made;
  };
  for (const line of blifLines(text)) {
    const { number, words } = line;
    const command = words[0]!;
    if (!command.startsWith(".")) {
      if (table === undefined) fail("syntax", number, "a command such as .names", `"${command}"`);
      addRow(table, line, fail);
      continue;
    }
    table = undefined;
    if (IGNORED.has(command)) continue;
    if (command === ".end") open = undefined;
    else if (command === ".model") {
      if (words.length > 2) fail("model", number, ".model and a name", `${words.length - 1} words`);
      open = begin(words[1] ?? defaultName, number);
    } else {
      open ??= begin(defaultName, number);
      table = addCommand(open, line, fail);
    }
  }
  return [...models.values()];
}
