import { Worker } from "node:worker_threads";
import { workerUrl } from "../../base/worker-url.js";
import type { Cnf, SatResult, Solver } from "../solver.js";
import type { Query } from "./worker.js";

/** The version that package.json pins. */
const NAME = "logic-solver 2.0.1 (MiniSat)";

/**
 * logic-solver's MiniSat in a worker thread, one formula at a time.
 *
 * It has no budget of its own: a query that takes longer than `queryMilliseconds`, or that runs out of its heap,
 * ends the worker and is answered `unknown`; the next query starts a fresh one.
 */
export function createLogicSolver(queryMilliseconds: number): Solver {
  let worker: Worker | undefined;
  let queue: Promise<unknown> = Promise.resolve();
  /** What to do with the next thing that is heard from the worker. */
  let answer: (heard: SatResult | Error) => void = () => {};

  const start = (): Worker => {
    // Its output is kept off the terminal: MiniSat announces there that its heap is full.
    const started = new Worker(workerUrl(import.meta.url, "worker"), { stdout: true, stderr: true });
    const hear = (heard: SatResult | Error): void => {
      if (worker === started) answer(heard);
    };
    started.on("message", hear);
    // An abort of MiniSat throws a text, not an Error.
    started.on("error", (thrown: unknown) =>
      hear(thrown instanceof Error ? thrown : new Error(String(thrown))),
    );
    started.on("exit", () => hear(new Error("out of memory: the thread ended")));
    return started;
  };

  const end = async (): Promise<void> => {
    const ended = worker;
    worker = undefined;
    await ended?.terminate();
  };

  const ask = (query: Query): Promise<SatResult> =>
    new Promise((resolve, reject) => {
      worker ??= start();
      const giveUp = (reason: "time" | "memory"): void => {
        void end().then(() => resolve({ tag: "unknown", reason }));
      };
      const timer = setTimeout(() => giveUp("time"), queryMilliseconds);
      answer = (heard) => {
        clearTimeout(timer);
        if (!(heard instanceof Error)) resolve(heard);
        else if (isHeapAbort(heard)) giveUp("memory");
        else void end().then(() => reject(heard));
      };
      worker.postMessage(query, [query.clauses.buffer as ArrayBuffer]);
    });

  return {
    name: NAME,
    solve(cnf) {
      const solved = queue.then(() => ask(flatten(cnf)));
      queue = solved.catch(() => undefined);
      return solved;
    },
    async close() {
      await queue;
      await end();
    },
  };
}

/** Emscripten's abort, its heap limit, or the thread's own. */
const isHeapAbort = (error: unknown): boolean => /abort|memory|heap/i.test(String(error));

function flatten({ variables, clauses }: Cnf): Query {
  const length = clauses.reduce((sum, clause) => sum + clause.length + 1, 0);
  const flat = new Int32Array(length);
  let at = 0;
  for (const clause of clauses) {
    for (const literal of clause) flat[at++] = literal;
    flat[at++] = 0;
  }
  return { variables, clauses: flat };
}
