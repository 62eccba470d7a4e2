import type { BlifFail } from "./blif-lines.js";
import type { Instance, Model, Table } from "./blif-models.js";

/** A file's top model with all that is instantiated in it, as one flat set of tables over numbered nets. */
export interface FlatModel {
  readonly nets: number;
  /** Shape `[inputs]` and `[outputs]`, nets. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** `nets[i]` is the net of signal `i` of the table's model. */
  readonly tables: readonly { readonly table: Table; readonly model: Model; readonly nets: Uint32Array }[];
}

/** Signals and tables of a flattened file: a few lines of hierarchy can ask for more than there are atoms. */
const MAX_SIZE = 2 ** 24;
const MAX_DEPTH = 500;

/** @throws {UserError} for unknown models, pins that do not fit, and hierarchies that recur or explode. */
export function flatten(models: readonly Model[], fail: BlifFail): FlatModel {
  const byName = new Map(models.map((model) => [model.name, model]));
  const modelOf = ({ model, line }: Instance): Model =>
    byName.get(model) ?? fail("subckt", line, "a model of this file", `"${model}"`);
  checkSize(models[0]!, modelOf, fail);
  const tables: { table: Table; model: Model; nets: Uint32Array }[] = [];
  let count = 0;
  const place = (model: Model, bound: ReadonlyMap<number, number>): Uint32Array => {
    const nets = Uint32Array.from(
      { length: model.signals.size },
      (_, signal) => bound.get(signal) ?? count++,
    );
    for (const table of model.tables) tables.push({ table, model, nets });
    for (const instance of model.instances) {
      const inner = modelOf(instance);
      place(inner, bind(instance, inner, nets, fail));
    }
    return nets;
  };
  const top = models[0]!;
  const nets = place(top, new Map());
  const net = (signal: number): number => nets[signal]!;
  return { nets: count, inputs: top.inputs.map(net), outputs: top.outputs.map(net), tables };
}

/** The nets of a model's ports where it is instantiated. */
function bind(instance: Instance, inner: Model, nets: Uint32Array, fail: BlifFail): Map<number, number> {
  const { line, pins, model } = instance;
  const ports = new Set([...inner.inputs, ...inner.outputs]);
  const bound = new Map<number, number>();
  for (const [formal, signal] of pins) {
    const port = inner.signals.get(formal);
    if (port === undefined || !ports.has(port))
      return fail("subckt", line, `a port of "${model}"`, `"${formal}"`);
    bound.set(port, nets[signal]!);
  }
  const open = inner.inputs.find((port) => !bound.has(port));
  if (open !== undefined) {
    const name = [...inner.signals].find(([, port]) => port === open)![0];
    fail("subckt", line, `a connection of every input of "${model}"`, `none of "${name}"`);
  }
  return bound;
}

function checkSize(top: Model, modelOf: (instance: Instance) => Model, fail: BlifFail): void {
  const sizes = new Map<Model, number | null>();
  const sizeOf = (model: Model, depth: number, line: number): number => {
    const known = sizes.get(model);
    if (known === null)
      return fail("subckt", line, "no model within itself", `"${model.name}" in "${model.name}"`);
    if (known !== undefined) return known;
    if (depth > MAX_DEPTH) fail("subckt", line, `at most ${MAX_DEPTH} levels of models`, "more");
    sizes.set(model, null);
    let size = 1 + model.signals.size + model.tables.length;
    for (const instance of model.instances) size += sizeOf(modelOf(instance), depth + 1, instance.line);
    if (size > MAX_SIZE) fail("size", model.line, `at most ${MAX_SIZE} signals and tables`, `${size}`);
    sizes.set(model, size);
    return size;
  };
  sizeOf(top, 0, top.line);
}
