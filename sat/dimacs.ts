import { UserError } from "../base/errors.js";
import type { Clause, Cnf } from "./solver.js";

/** Largest variable that is read: what our solver's literals hold, with room to spare. */
const LARGEST_VARIABLE = 2 ** 28;
const [TAB, NEWLINE, RETURN, SPACE] = [9, 10, 13, 32];
const [LETTER_C, LETTER_P, PERCENT] = [99, 112, 37];

/**
 * Read a formula in DIMACS format, as the SAT competitions define it: lines of comment start with `c`, then
 * `p cnf VARIABLES CLAUSES`, then literals, each clause ended by 0. What follows a line with `%` is passed over.
 *
 * @param name what messages call the text, such as its path.
 * @throws {UserError} with line and column, unless the clauses are as many as announced and over variables announced.
 */
export function readDimacs(bytes: Uint8Array, name: string): Cnf {
  const reader = new Reader(bytes, name);
  const { variables, clauses: announced } = reader.header();
  const clauses: Clause[] = [];
  let clause: number[] = [];
  for (let literal = reader.literal(variables); literal !== null; literal = reader.literal(variables)) {
    if (literal !== 0) {
      clause.push(literal);
      continue;
    }
    if (clauses.length === announced) reader.fail(`${announced} clauses`, "another one");
    clauses.push(clause);
    clause = [];
  }
  if (clause.length > 0) reader.fail("0 at the end of the last clause", "the end of the file");
  if (clauses.length < announced) reader.fail(`${announced} clauses`, `${clauses.length}`);
  return { variables, clauses };
}

/** A cursor over the text; every failure names the place of the token that it is about. */
class Reader {
  private at = 0;
  private token = 0;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly name: string,
  ) {}

  fail(expected: string, found: string): never {
    let [line, start] = [1, 0];
    for (let k = 0; k < this.token; k++) if (this.bytes[k] === NEWLINE) [line, start] = [line + 1, k + 1];
    throw new UserError(
      "dimacs/malformed",
      `${this.name}:${line}:${this.token - start + 1}: expected ${expected} but found ${found}`,
      "the file is no formula in DIMACS format, or was cut off",
    );
  }

  header(): { variables: number; clauses: number } {
    this.skipSpace();
    while (this.bytes[this.at] === LETTER_C) this.skipLine();
    this.word("p");
    this.word("cnf");
    return {
      variables: this.count("variables", LARGEST_VARIABLE),
      clauses: this.count("clauses", Number.MAX_SAFE_INTEGER),
    };
  }

  private word(expected: string): void {
    const found = this.next();
    if (found !== expected) this.fail(`"p cnf VARIABLES CLAUSES"`, describe(found));
  }

  private count(what: string, largest: number): number {
    const found = this.next();
    const value = /^\d+$/.test(found) ? Number(found) : Number.NaN;
    if (!(value <= largest)) this.fail(`a number of ${what} up to ${largest}`, describe(found));
    return value;
  }

  /** The next literal, 0 at the end of a clause, null at the end of the text. */
  literal(variables: number): number | null {
    this.skipSpace();
    while (this.bytes[this.at] === LETTER_C) this.skipLine();
    this.token = this.at;
    const first = this.bytes[this.at];
    if (first === undefined || first === PERCENT) return null;
    if (first === LETTER_P) this.fail("a literal", "a second header");
    const found = this.next();
    if (!/^-?\d+$/.test(found)) this.fail("a literal", describe(found));
    const literal = Number(found);
    if (Math.abs(literal) > variables)
      this.fail(`a literal of at most ${variables} variables`, describe(found));
    return literal === 0 ? 0 : literal;
  }

  /** The next token: all up to white space. */
  private next(): string {
    this.skipSpace();
    this.token = this.at;
    while (this.at < this.bytes.length && !isSpace(this.bytes[this.at]!)) this.at++;
    return String.fromCharCode(...this.bytes.subarray(this.token, Math.min(this.at, this.token + 40)));
  }

  private skipSpace(): void {
    while (this.at < this.bytes.length && isSpace(this.bytes[this.at]!)) this.at++;
  }

  private skipLine(): void {
    while (this.at < this.bytes.length && this.bytes[this.at] !== NEWLINE) this.at++;
    this.skipSpace();
  }
}

const isSpace = (byte: number): boolean =>
  byte === SPACE || byte === NEWLINE || byte === RETURN || byte === TAB;
const describe = (token: string): string =>
  token === "" ? "the end of the file" : JSON.stringify(token.replace(/[^ -~]/g, "?"));

/** The formula as DIMACS text, in pieces. */
export function writeDimacs({ variables, clauses }: Cnf, comment: readonly string[] = []): string[] {
  const lines = [...comment.map((line) => `c ${line}\n`), `p cnf ${variables} ${clauses.length}\n`];
  for (const clause of clauses) lines.push(clause.length === 0 ? "0\n" : `${clause.join(" ")} 0\n`);
  return lines;
}
