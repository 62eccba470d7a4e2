import { type MessagePort, workerData } from "node:worker_threads";
import MiniSat from "logic-solver/minisat_wrapper.js";

/** Clauses that are new since the last request, and what to solve. */
export interface Request {
  readonly variables: number;
  /** Clauses back to back, each ended by 0. */
  readonly clauses: Int32Array;
  /** A variable that is assumed to be true, 0 for none. */
  readonly assumed: number;
}

/** The model, or the answer without one; `memory` when MiniSat's heap is full, after which it is of no use. */
export type Reply =
  | { readonly tag: "satisfiable"; readonly model: Uint8Array }
  | { readonly tag: "unsatisfiable" }
  | { readonly tag: "memory" };

export interface WorkerData {
  readonly port: MessagePort;
  /** Element 0 counts the replies. */
  readonly replies: Int32Array;
}

const { port, replies } = workerData as WorkerData;
const solver = new MiniSat();
let consistent = true;

function answer({ variables, clauses, assumed }: Request): Reply {
  solver.ensureVar(variables);
  for (let from = 0; from < clauses.length; ) {
    const to = clauses.indexOf(0, from);
    consistent = solver.addClause([...clauses.subarray(from, to)]) && consistent;
    from = to + 1;
  }
  if (!consistent || !(assumed === 0 ? solver.solve() : solver.solveAssuming(assumed)))
    return { tag: "unsatisfiable" };
  const model = Uint8Array.from(solver.getSolution(), (value) => (value === true ? 1 : 0));
  return { tag: "satisfiable", model };
}

/** An abort of MiniSat throws a text, not an Error. */
function answerOrAbort(request: Request): Reply {
  try {
    return answer(request);
  } catch (thrown) {
    if (/abort|memory|heap/i.test(String(thrown))) return { tag: "memory" };
    throw thrown;
  }
}

port.on("message", (request: Request) => {
  port.postMessage(answerOrAbort(request));
  Atomics.add(replies, 0, 1);
  Atomics.notify(replies, 0);
});
