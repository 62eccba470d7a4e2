import { UserError } from "../../base/errors.js";

/** Reads a file of text and binary parts from left to right; every complaint says where it stands. */
export class ByteReader {
  at = 0;

  /**
   * @param format names the codes of errors, such as `aiger`.
   * @param where names the file in errors.
   */
  constructor(
    readonly bytes: Uint8Array,
    private readonly format: string,
    private readonly where: string,
  ) {}

  get atEnd(): boolean {
    return this.at >= this.bytes.length;
  }

  /** Bytes that are left. */
  get left(): number {
    return this.bytes.length - this.at;
  }

  /** The byte here, or -1 at the end. */
  peek(): number {
    return this.bytes[this.at] ?? -1;
  }

  /** Decimal digits. @throws {UserError} for none, or a number above `limit`. */
  number(what: string, limit: number): number {
    const from = this.at;
    let value = 0;
    for (let digit = this.peek() - 48; digit >= 0 && digit <= 9; digit = this.peek() - 48) {
      value = 10 * value + digit;
      this.at++;
      if (value > limit) this.fail("range", `${what} of at most ${limit}`, this.numeral(from), from);
    }
    if (this.at === from) this.fail("syntax", `${what}, a number`);
    return value;
  }

  private numeral(from: number): string {
    let to = from;
    while (to < from + 24 && this.bytes[to]! >= 48 && this.bytes[to]! <= 57) to++;
    return new TextDecoder().decode(this.bytes.subarray(from, to));
  }

  /** One given character. @throws {UserError} for any other. */
  expect(character: " " | "\n"): void {
    if (this.peek() !== character.charCodeAt(0))
      this.fail("syntax", character === " " ? "a space" : "the end of the line");
    this.at++;
  }

  /** UTF-8 text up to the end of the line, which is passed over. @throws {UserError} for bytes that are none. */
  restOfLine(): string {
    const end = this.bytes.indexOf(10, this.at);
    const to = end < 0 ? this.bytes.length : end;
    const part = this.bytes.subarray(this.at, to);
    try {
      const text = new TextDecoder("utf-8", { fatal: true }).decode(part);
      this.at = Math.min(this.bytes.length, to + 1);
      return text;
    } catch {
      return this.fail("encoding", "text in UTF-8", "other bytes");
    }
  }

  /** @throws {UserError} always: what was expected at byte `at` and what stands there. */
  fail(code: string, expected: string, found = this.found(), at = this.at): never {
    const hint =
      at >= this.bytes.length
        ? "the file was probably cut off; write it again"
        : "the file is damaged or not of this format (docs/formats/netlists.md)";
    throw new UserError(
      `${this.format}/${code}`,
      `${this.where}: byte ${at}: expected ${expected} but found ${found}`,
      hint,
    );
  }

  private found(): string {
    if (this.atEnd) return "the end of the file";
    const byte = this.peek();
    if (byte === 10) return "the end of the line";
    return byte > 32 && byte < 127 ? `"${String.fromCharCode(byte)}"` : `byte 0x${byte.toString(16)}`;
  }
}
