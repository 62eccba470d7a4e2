import { type Command, InvalidArgumentError } from "commander";
import { ExitCode } from "../../base/errors.js";
import type { EquivalenceVerdict } from "../../compiler/verify/equivalence.js";
import { addCommonOptions, type CommonOptions } from "./options.js";

/** What every command on circuit files understands. */
export interface CircuitOptions extends CommonOptions {
  readonly seed: number;
  readonly conflicts?: number;
  readonly timeout?: number;
}

const whole =
  (least: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < least)
      throw new InvalidArgumentError(`expected an integer of at least ${least}.`);
    return value;
  };

function seconds(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < 2 ** 31 / 1000)) throw new InvalidArgumentError("expected a number of seconds.");
  return value;
}

/** Add `--seed`, `--conflicts`, `--timeout`, `--json` and `--quiet`. */
export const addCircuitOptions = (command: Command): Command =>
  addCommonOptions(
    command
      .option("--seed <n>", "every random choice comes from it", whole(0), 1)
      .option("--conflicts <n>", "SAT conflicts after which a query is given up as unknown", whole(1))
      .option("--timeout <seconds>", "wall clock after which the work is stopped as unknown", seconds),
  );

/** The exit code of a verdict (docs/exit-codes.md). */
export const EXIT_OF: Readonly<Record<EquivalenceVerdict["tag"], ExitCode>> = {
  proved: ExitCode.ok,
  refuted: ExitCode.refuted,
  unknown: ExitCode.unknown,
};
