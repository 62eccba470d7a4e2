#!/usr/bin/env node
import { CommanderError } from "commander";
import { ExitCode, UserError } from "../../base/errors.js";
import { Interruption } from "./interrupt.js";
import { program } from "./program.js";
import { stopWithParent } from "./stop-with-parent.js";

/** Print an error and give its exit code. */
function report(error: unknown): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.ok : ExitCode.usage;
  if (error instanceof Interruption) {
    process.stderr.write(`dbnc: ${error.message}\n`);
    return error.exitCode;
  }
  if (error instanceof UserError) {
    process.stderr.write(`dbnc: error [${error.code}]: ${error.message}\n`);
    if (error.hint !== "") process.stderr.write(`  hint: ${error.hint}\n`);
    return error.exitCode;
  }
  process.stderr.write(`dbnc: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return ExitCode.refuted;
}

// Whoever reads our output, such as head, may stop before its end.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});
stopWithParent();
try {
  await program().parseAsync();
} catch (error) {
  process.exitCode = report(error);
}
