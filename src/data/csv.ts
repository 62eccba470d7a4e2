import { UserError } from "../../base/errors.js";
import { suggest } from "../../base/nearest.js";
import { type CsvOptions, type CsvRow, type CsvTable, isMissing, isNumber, readCsv } from "./csv-table.js";
import type { RawFeature, Samples } from "./dataset.js";

export interface CsvDataOptions extends CsvOptions {
  /** `first`, `last`, a name of the header, or an index from 0. */
  readonly label: string | number;
  /** Columns to leave out, by name or index. */
  readonly drop: readonly (string | number)[];
  readonly missing: "error" | "category" | "drop-row";
}

/** What the training file says about every file of its kind. */
export interface CsvLayout {
  readonly features: readonly RawFeature[];
  readonly classNames: readonly string[];
}

/** The place of a column. @throws {UserError} for one that there is not. */
export function columnIndex(table: CsvTable, wanted: string | number, what: string): number {
  if (wanted === "first") return 0;
  if (wanted === "last") return table.columns - 1;
  const byName = table.header?.indexOf(String(wanted)) ?? -1;
  if (byName >= 0) return byName;
  const index = Number(wanted);
  if (Number.isInteger(index) && index >= 0 && index < table.columns) return index;
  const known = table.header ?? [`first`, `last`, `0 to ${table.columns - 1}`];
  throw new UserError(
    "csv/column",
    `${table.path}: expected a ${what} column "${wanted}" but found none`,
    suggest(String(wanted), known),
  );
}

const namesOf = ({ features }: CsvLayout): string[] => features.map(({ name }) => name);
const nameOf = (table: CsvTable, column: number): string => table.header?.[column] ?? `column${column}`;

/** Read a training file and find out what its columns hold. */
export function readTrainingCsv(
  path: string,
  options: CsvDataOptions,
): { layout: CsvLayout; samples: Samples } {
  const table = withoutMissing(readCsv(path, options), options);
  const label = columnIndex(table, options.label, "label");
  const dropped = new Set(options.drop.map((column) => columnIndex(table, column, "dropped")));
  const columns = Array.from({ length: table.columns }, (_, c) => c).filter(
    (c) => c !== label && !dropped.has(c),
  );
  if (columns.length === 0)
    throw new UserError(
      "csv/columns",
      `${path}: expected feature columns besides the label but found none`,
      "check data.delimiter and data.drop",
    );
  const features = columns.map((c) => featureOf(table, c, options));
  const classNames =
    table.classNames ?? distinct(table.rows.map(({ fields }) => labelText(table, fields, label)));
  if (classNames.length < 2) {
    throw new UserError(
      "csv/classes",
      `${path}: expected at least 2 classes but found only "${classNames[0]}"`,
      "is data.label the right column?",
    );
  }
  const layout = { features, classNames };
  return { layout, samples: toSamples(table, columns, label, layout) };
}

/** Read another file of the same columns. @throws {UserError} for a class that the training file does not have. */
export function readTestCsv(path: string, options: CsvDataOptions, layout: CsvLayout): Samples {
  const table = withoutMissing(readCsv(path, { ...options, names: namesOf(layout) }), options);
  const label = columnIndex(table, options.label, "label");
  const dropped = new Set(options.drop.map((column) => columnIndex(table, column, "dropped")));
  const columns = Array.from({ length: table.columns }, (_, c) => c).filter(
    (c) => c !== label && !dropped.has(c),
  );
  if (columns.length !== layout.features.length) {
    throw new UserError(
      "csv/columns",
      `${path}: expected ${layout.features.length} feature columns but found ${columns.length}`,
      "training and test file must have the same columns",
    );
  }
  return toSamples(table, columns, label, layout);
}

/**
 * Read samples to classify: columns by name when there is a header, else by place; a label column and dropped
 * columns may be there or not.
 */
export function readUnlabelledCsv(path: string, options: CsvDataOptions, layout: CsvLayout): Samples {
  const table = withoutMissing(readCsv(path, { ...options, names: namesOf(layout) }), options);
  return toSamples(table, featureColumns(table, options, layout), null, layout);
}

function featureColumns(table: CsvTable, options: CsvDataOptions, { features }: CsvLayout): number[] {
  const { header } = table;
  if (header !== null && !features.every(({ name }) => /^column\d+$/.test(name))) {
    return features.map(({ name }) => columnIndex(table, name, "feature"));
  }
  const all = Array.from({ length: table.columns }, (_, c) => c);
  const withLabel = features.length + options.drop.length + 1;
  if (table.columns === features.length) return all;
  if (table.columns === withLabel) {
    const out = new Set(
      [options.label, ...options.drop].map((column) => columnIndex(table, column, "label")),
    );
    return all.filter((c) => !out.has(c));
  }
  throw new UserError(
    "csv/columns",
    `${table.path}: expected ${features.length} columns (or ${withLabel} with the label) but found ${table.columns}`,
    "give the columns of the training file",
  );
}

/** Rows with missing values go, stay for category columns, or are an error. */
function withoutMissing(table: CsvTable, { missing }: CsvDataOptions): CsvTable {
  if (missing === "category") return table;
  const hasMissing = ({ fields }: CsvRow): number => fields.findIndex(isMissing);
  if (missing === "drop-row") {
    const rows = table.rows.filter((row) => hasMissing(row) < 0);
    if (rows.length === 0)
      throw new UserError(
        "csv/empty",
        `${table.path}: expected rows without missing values but found none`,
        "set data.missing",
      );
    return { ...table, rows };
  }
  for (const row of table.rows) {
    const column = hasMissing(row);
    if (column < 0) continue;
    const where = `${table.path}:${row.line}: column "${nameOf(table, column)}"`;
    throw new UserError(
      "csv/missing",
      `${where}: expected a value but found "${row.fields[column]}"`,
      "set data.missing to drop-row or category",
    );
  }
  return table;
}

/** Of a column of numbers, at most this share may be something else; it is then taken for a slip. */
const SLIPS = 0.05;

/** A column is numbers when every value there is one, else categories; a few texts among numbers are an error. */
function featureOf(table: CsvTable, column: number, { missing }: CsvDataOptions): RawFeature {
  const name = nameOf(table, column);
  const values = table.rows.map(({ fields }) => fields[column]!);
  const present = values.filter((value) => !isMissing(value));
  const texts = present.filter((value) => !isNumber(value));
  if (texts.length > SLIPS * present.length) return { kind: "category", name, categories: distinct(values) };
  const slip = table.rows.find(({ fields }) => fields[column] === texts[0]);
  if (slip !== undefined)
    numberAt(
      table,
      slip,
      column,
      `mend it (${present.length - texts.length} rows have numbers there), or leave the column out with data.drop`,
    );
  const gap = table.rows.find(({ fields }) => isMissing(fields[column]!));
  if (missing === "category" && gap !== undefined) {
    throw new UserError(
      "csv/missing",
      `${table.path}:${gap.line}: column "${name}": expected a number but found "${gap.fields[column]}"`,
      "a gap among numbers is no category: set data.missing to drop-row",
    );
  }
  return { kind: "number", name };
}

/** Distinct values, numbers in numeric order, else in code-unit order. */
function distinct(values: readonly string[]): string[] {
  const found = [...new Set(values)];
  return found.every(isNumber) ? found.sort((a, b) => Number(a) - Number(b)) : found.sort();
}

function labelText(table: CsvTable, fields: readonly string[], column: number): string {
  const text = fields[column]!;
  return table.classNames === null ? text : (table.classNames[Number(text)] ?? text);
}

function toSamples(
  table: CsvTable,
  columns: readonly number[],
  label: number | null,
  layout: CsvLayout,
): Samples {
  const count = table.rows.length;
  const values = new Float64Array(count * columns.length);
  const labels = new Uint16Array(count);
  const classes = new Map(layout.classNames.map((name, c) => [name, c]));
  const categories = layout.features.map((f) =>
    f.kind === "category" ? new Map(f.categories.map((text, k) => [text, k])) : null,
  );
  table.rows.forEach((row, s) => {
    columns.forEach((column, f) => {
      const known = categories[f];
      const text = row.fields[column]!;
      values[s * columns.length + f] = known == null ? numberAt(table, row, column) : (known.get(text) ?? -1);
    });
    if (label !== null) labels[s] = classAt(table, row, label, classes);
  });
  return { count, values, labels };
}

function numberAt(
  table: CsvTable,
  row: CsvRow,
  column: number,
  hint = "the training file has only numbers there",
): number {
  const text = row.fields[column]!;
  if (isNumber(text)) return Number(text);
  throw new UserError(
    "csv/number",
    `${table.path}:${row.line}: column "${nameOf(table, column)}": expected a number but found "${text}"`,
    hint,
  );
}

/** The class of a row; a label that ends with a full stop, as in the Adult test file, is taken without it. */
function classAt(table: CsvTable, row: CsvRow, column: number, classes: ReadonlyMap<string, number>): number {
  const text = labelText(table, row.fields, column);
  const found = classes.get(text) ?? classes.get(text.replace(/\.$/, ""));
  if (found !== undefined) return found;
  throw new UserError(
    "csv/label",
    `${table.path}:${row.line}: expected a class of the training file but found "${text}"`,
    suggest(text, [...classes.keys()]),
  );
}
