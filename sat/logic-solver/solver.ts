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

  const end = async (): Promise<void> => {
    const ended = worker;
    worker = undefined;
    await ended?.terminate();
  };

  const ask = (query: Query): Promise<SatResult> =>
    new Promise((resolve, reject) => {
      worker ??= new Worker(workerUrl(import.meta.url, "worker"));
      const asked = worker;
      const settle = (result: SatResult): void => {
        clearTimeout(timer);
        asked.removeAllListeners();
        resolve(result);
      };
      const giveUp = (reason: "time" | "memory"): void => {
        void end().then(() => settle({ tag: "unknown", reason }));
      };
      const timer = setTimeout(() => giveUp("time"), queryMilliseconds);
      asked.once("message", settle);
      asked.once("error", (error) => {
        if (isHeapAbort(error)) giveUp("memory");
        else void end().then(() => reject(error));
      });
      asked.once("exit", () => giveUp("memory"));
      asked.postMessage(query, [query.clauses.buffer as ArrayBuffer]);
    });

  return {
    name: NAME,
    solve(cnf) {
      const answer = queue.then(() => ask(flatten(cnf)));
      queue = answer.catch(() => undefined);
      return answer;
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
