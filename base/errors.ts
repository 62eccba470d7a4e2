/**
 * The two ways of failing. Bad input throws `UserError`, which only the command line's main catches;
 * a broken promise of our own code throws through `invariant`. A verdict (proved, refuted, unknown) is a
 * value, never an exception.
 */

/** Exit codes of the `dbnc` command (docs/exit-codes.md). */
export const ExitCode = {
  ok: 0,
  usage: 1,
  refuted: 2,
  unknown: 3,
  toolMissing: 4,
  interrupted: 130,
  terminated: 143,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** Bad input or usage: says what was expected, what was found where, and what to do. */
export class UserError extends Error {
  override readonly name = "UserError";
  /**
   * @param code stable machine-readable name such as `idx/truncated`.
   * @param message `<where>: expected … but found …`.
   * @param hint what the user can do about it.
   * @param exitCode 1 unless an outside tool is missing or broke (4).
   */
  constructor(
    readonly code: string,
    message: string,
    readonly hint = "",
    readonly exitCode: ExitCode = ExitCode.usage,
  ) {
    super(message);
  }
}

/** A broken promise of our own code: always a bug of dbnc, never the user's. */
export class InvariantError extends Error {
  override readonly name = "InvariantError";
}

/** @throws {InvariantError} if `condition` is false. */
export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantError(`internal error: ${message}; please report this as a bug of dbnc`);
}
