import { CsvError, parse } from "csv-parse/sync";
import { UserError } from "../../base/errors.js";
import { readDataFile } from "./read-file.js";

/** A CSV file as text fields. */
export interface CsvTable {
  readonly path: string;
  /** Column names from a header line, or null when there is none. */
  readonly header: readonly string[] | null;
  readonly rows: readonly CsvRow[];
  readonly columns: number;
  /** Class names in label order, when the first line is scikit-learn's `rows,columns,class names`. */
  readonly classNames: readonly string[] | null;
}

export interface CsvRow {
  /** Line of the file, from 1. */
  readonly line: number;
  readonly fields: readonly string[];
}

export interface CsvOptions {
  /** Null finds out: a first line with text where the column below it holds numbers is a header. */
  readonly header: boolean | null;
  /** Feature names of an earlier file of the kind: the first line is then a header if it has one of them. */
  readonly names?: readonly string[];
  /** Null finds out: tab, semicolon, comma or blanks, the first that the first line contains. */
  readonly delimiter: string | null;
  /** Lines that start with it are passed over. */
  readonly comment: string | null;
}

/** Fields that say "no value": empty, `?`, `NA`, `NaN`. */
export const isMissing = (field: string): boolean =>
  field === "" || field === "?" || /^(na|nan)$/i.test(field);
export const isNumber = (field: string): boolean => field !== "" && Number.isFinite(Number(field));

/** Read a CSV file, plain or gzipped. @throws {UserError} naming file and line. */
export function readCsv(path: string, options: CsvOptions): CsvTable {
  const bytes = readDataFile(path);
  const zero = bytes.indexOf(0);
  if (zero >= 0) {
    throw new UserError(
      "csv/binary",
      `${path}: expected text but found a zero byte at offset ${zero}`,
      "CSV files are UTF-8 text; name the folder of IDX files, not one of them",
    );
  }
  const text = new TextDecoder().decode(bytes).replace(/^\uFEFF/, "");
  const delimiter = options.delimiter ?? findDelimiter(text, options.comment);
  const rows = split(path, text, delimiter, options.comment);
  const first = rows[0];
  if (first === undefined)
    throw new UserError(
      "csv/empty",
      `${path}: expected rows but found none`,
      "check the file and data.comment",
    );
  const classNames = options.header === false ? null : scikitLearnClasses(rows);
  if (classNames !== null) return finish(path, null, rows.slice(1), classNames);
  const named = options.names;
  const isHeader =
    options.header ??
    (named === undefined ? looksLikeHeader(rows) : first.fields.some((field) => named.includes(field)));
  return isHeader ? finish(path, first.fields, rows.slice(1), null) : finish(path, null, rows, null);
}

const shortened = (message: string): string => (message.length > 200 ? `${message.slice(0, 200)}…` : message);

function findDelimiter(text: string, comment: string | null): string {
  const line =
    text.split(/\r?\n/).find((l) => l.trim() !== "" && (comment === null || !l.startsWith(comment))) ?? "";
  return (
    ["\t", ";", ","].find((candidate) => line.includes(candidate)) ?? (line.trim().includes(" ") ? " " : ",")
  );
}

function split(path: string, text: string, delimiter: string, comment: string | null): CsvRow[] {
  // Runs of blanks separate as one does.
  const even = delimiter === " " ? text.replace(/[ \t]+/g, " ").replace(/^ | $/gm, "") : text;
  try {
    const records = parse(even, {
      delimiter,
      trim: true,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      ...(comment === null ? {} : { comment, comment_no_infix: true }),
    }) as unknown as { record: string[]; info: { lines: number } }[];
    return records.map(({ record, info }) => ({ line: info.lines, fields: record }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new UserError(
      "csv/syntax",
      `${path}: expected CSV but found: ${shortened(error.message)}`,
      "check the quotes there",
    );
  }
}

/** `rows,columns,name,name…` before rows of `columns` features and a label. */
function scikitLearnClasses(rows: readonly CsvRow[]): string[] | null {
  const [count, columns, ...names] = rows[0]!.fields;
  const width = rows[1]?.fields.length;
  const counts = Number(count) === rows.length - 1 && width !== undefined && Number(columns) === width - 1;
  return counts && names.length >= 2 && names.every((name) => !isNumber(name)) ? names : null;
}

function looksLikeHeader(rows: readonly CsvRow[]): boolean {
  const below = rows.slice(1, 50);
  return rows[0]!.fields.some((field, c) => {
    const column = below.map(({ fields }) => fields[c] ?? "").filter((value) => !isMissing(value));
    return !isNumber(field) && !isMissing(field) && column.length > 0 && column.every(isNumber);
  });
}

function finish(
  path: string,
  header: readonly string[] | null,
  rows: readonly CsvRow[],
  classNames: string[] | null,
): CsvTable {
  if (rows.length === 0)
    throw new UserError(
      "csv/empty",
      `${path}: expected rows below the first line but found none`,
      "is the file cut off?",
    );
  const columns = header?.length ?? rows[0]!.fields.length;
  const twice = header?.find((name, c) => header.indexOf(name) !== c);
  if (twice !== undefined)
    throw new UserError(
      "csv/header",
      `${path}: expected every column to have a name of its own but found "${twice}" twice`,
      "rename one, or set data.header to false if the first line is a row",
    );
  for (const { line, fields } of rows) {
    if (fields.length !== columns) {
      throw new UserError(
        "csv/ragged",
        `${path}:${line}: expected ${columns} fields but found ${fields.length}`,
        "mend the row, or set data.delimiter",
      );
    }
  }
  return { path, header, rows, columns, classNames };
}

/** A text as a field of a CSV file, in quotes where it has to be. */
export const csvField = (text: string): string =>
  /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
