import { UserError } from "../../base/errors.js";

/** One line of BLIF after comments are gone and continuations joined. */
export interface BlifLine {
  /** Of the file, from 1: where the line begins. */
  readonly number: number;
  /** At least one. */
  readonly words: readonly string[];
}

/** Strings of the JavaScript engine end at about 2^29 characters. */
const MAX_BYTES = 2 ** 29 - 64;

/** Throws what is wrong with a BLIF file, and in which line. */
export type BlifFail = (code: string, line: number, expected: string, found: string, hint?: string) => never;

export const blifFail =
  (where: string): BlifFail =>
  (code, line, expected, found, hint = "docs/formats/netlists.md says what of BLIF is read") => {
    throw new UserError(
      `blif/${code}`,
      `${where}: line ${line}: expected ${expected} but found ${printable(found)}`,
      hint,
    );
  };

/** Whatever binary garbage a file holds, an error is one short line. */
const printable = (text: string): string =>
  (text.length > 60 ? `${text.slice(0, 60)}…` : text).replace(/\p{Cc}/gu, "?");

/** The file's text. @throws {UserError} for a file that is too large or no text. */
export function blifText(bytes: Uint8Array, fail: BlifFail): string {
  if (bytes.length > MAX_BYTES) fail("size", 1, `at most ${MAX_BYTES} bytes`, `${bytes.length}`);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return fail("encoding", 1, "text in UTF-8", "other bytes");
  }
}

/** The lines that hold something, in order: `#` begins a comment, `\` at the end continues a line. */
export function* blifLines(text: string): Generator<BlifLine> {
  let words: string[] = [];
  let begin = 0;
  let number = 0;
  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf("\n", at);
    const end = newline < 0 ? text.length : newline;
    number++;
    let line = text.slice(at, end);
    at = end + 1;
    const comment = line.indexOf("#");
    if (comment >= 0) line = line.slice(0, comment);
    line = line.trim();
    const continued = line.endsWith("\\");
    if (continued) line = line.slice(0, -1).trimEnd();
    if (words.length === 0) begin = number;
    // Not push(...): a line may hold more words than a call may have arguments.
    if (line !== "") for (const word of line.split(/\s+/)) words.push(word);
    if (continued || words.length === 0) continue;
    yield { number: begin, words };
    words = [];
  }
  if (words.length > 0) yield { number: begin, words };
}
