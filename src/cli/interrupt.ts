import { ExitCode } from "../../base/errors.js";
import { eventLoopTurn } from "../flow/event-loop.js";

/** The user or the system asked the command to stop; a checkpoint was left where one is possible. */
export class Interruption extends Error {
  override readonly name = "Interruption";
  readonly exitCode: ExitCode;
  constructor(signal: NodeJS.Signals, hint: string) {
    super(`stopped by ${signal}; ${hint}`);
    this.exitCode = signal === "SIGTERM" ? ExitCode.terminated : ExitCode.interrupted;
  }
}

/**
 * Run `work` with a signal that aborts on Ctrl-C or SIGTERM. A second one ends the process at once.
 *
 * `work` must hold and give back every lock within: without our listeners, a signal that came while it was
 * computing would end the process there and then.
 *
 * @throws {Interruption} when the work stopped because of it.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>, hint: string): Promise<T> {
  const controller = new AbortController();
  let received: NodeJS.Signals | undefined;
  const handle = (signal: NodeJS.Signals): void => {
    if (received !== undefined)
      process.exit(signal === "SIGTERM" ? ExitCode.terminated : ExitCode.interrupted);
    received = signal;
    controller.abort();
  };
  process.on("SIGINT", handle).on("SIGTERM", handle);
  try {
    const result = await work(controller.signal);
    await eventLoopTurn();
    if (received !== undefined) throw new Interruption(received, hint);
    return result;
  } catch (error) {
    throw received === undefined ? error : new Interruption(received, hint);
  } finally {
    process.off("SIGINT", handle).off("SIGTERM", handle);
  }
}
