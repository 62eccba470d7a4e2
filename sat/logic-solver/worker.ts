import { parentPort } from "node:worker_threads";
import MiniSat from "logic-solver/minisat_wrapper.js";
import type { SatResult } from "../solver.js";

/** Clauses back to back, each ended by 0. */
export interface Query {
  readonly variables: number;
  readonly clauses: Int32Array;
}

function solve({ variables, clauses }: Query): SatResult {
  const solver = new MiniSat();
  solver.ensureVar(variables);
  for (let from = 0; from < clauses.length; ) {
    const to = clauses.indexOf(0, from);
    if (!solver.addClause([...clauses.subarray(from, to)])) return { tag: "unsatisfiable" };
    from = to + 1;
  }
  if (!solver.solve()) return { tag: "unsatisfiable" };
  return {
    tag: "satisfiable",
    model: Uint8Array.from(solver.getSolution(), (value) => (value === true ? 1 : 0)),
  };
}

const port = parentPort!;
port.on("message", (query: Query) => port.postMessage(solve(query)));
