import { type ChildProcess, fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { builtUrl } from "../../../base/built-url.js";
import { type ExitCode, UserError } from "../../../base/errors.js";
import type { Answer, Assignment, ModuleFile, ModuleProof, Request } from "./messages.js";

/** Each takes some 300 MB beside the compiler's own memory. */
const MOST_PROCESSES = 8;

export interface ProveModulesOptions {
  readonly signal: AbortSignal;
  /** Called after each module. */
  readonly onProof: (proof: ModuleProof, done: number, total: number) => void | Promise<void>;
}

/**
 * Read modules of the core back and prove each of them, in processes of their own, as many at a time as there are
 * processors. A process works through one module after another and holds one at a time.
 *
 * @returns one result a file, in their order.
 * @throws {UserError} with exit code 4 if Yosys is missing or breaks.
 */
export async function proveModules(
  files: readonly ModuleFile[],
  assignment: Assignment,
  { signal, onProof }: ProveModulesOptions,
): Promise<ModuleProof[]> {
  const proofs: ModuleProof[] = new Array(files.length);
  let next = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    const child = new ModuleProcess(assignment, signal);
    try {
      while (next < files.length) {
        const at = next++;
        proofs[at] = await child.prove(files[at]!);
        await onProof(proofs[at], ++done, files.length);
      }
    } finally {
      child.end();
    }
  };
  const processes = Math.min(files.length, availableParallelism(), MOST_PROCESSES);
  const ended = await Promise.allSettled(Array.from({ length: processes }, work));
  for (const result of ended) if (result.status === "rejected") throw result.reason;
  return proofs;
}

class ModuleProcess {
  private readonly child: ChildProcess;

  constructor(
    assignment: Assignment,
    private readonly signal: AbortSignal,
  ) {
    // Numbers in typed arrays go over as bytes.
    this.child = fork(builtUrl(import.meta.url, "process.js"), [], {
      serialization: "advanced",
      execArgv: [],
    });
    this.send(assignment);
  }

  private send(request: Request): void {
    this.child.send(request);
  }

  prove(file: ModuleFile): Promise<ModuleProof> {
    return new Promise((resolve, reject) => {
      const stop = (): void => settle(() => reject(this.signal.reason));
      const settle = (then: () => void): void => {
        this.signal.removeEventListener("abort", stop);
        this.child.removeAllListeners();
        then();
      };
      if (this.signal.aborted) return reject(this.signal.reason);
      this.signal.addEventListener("abort", stop);
      this.child.once("message", (answer: Answer) =>
        settle(() =>
          "proof" in answer
            ? resolve(answer)
            : reject(new UserError(answer.code, answer.message, answer.hint, answer.exitCode as ExitCode)),
        ),
      );
      this.child.once("error", (error) => settle(() => reject(error)));
      this.child.once("exit", (code, by) =>
        settle(() => reject(new Error(`the process that proves ${file.module} ended: ${by ?? code}`))),
      );
      this.send(file);
    });
  }

  end(): void {
    this.child.kill("SIGKILL");
  }
}
