import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import { builtUrl } from "../../base/built-url.js";
import { invariant } from "../../base/errors.js";
import type { Clause, SatAnswer, SatQuery, Solver } from "../solver.js";
import type { Reply, Request, WorkerData } from "./worker.js";

/** A thread with a MiniSat in it, and how far its clauses are those that were added here. */
interface Running {
  readonly worker: Worker;
  readonly port: MessagePort;
  readonly replies: Int32Array;
  sent: number;
}

/**
 * logic-solver's MiniSat in a worker thread that the caller waits for.
 *
 * It has no budget, no statistics, decides on all variables and assumes one variable at most: several assumptions go
 * behind a new one, and all of them count as failed. A query of more than `queryMilliseconds`, or that fills its heap,
 * ends the thread and is `unknown`; the next one starts a fresh thread with the same clauses.
 */
class LogicSolver implements Solver {
  /** The version that package.json pins. */
  readonly name = "logic-solver 2.0.1 (MiniSat)";
  readonly statistics = null;
  /** MiniSat's variable of each of the caller's; those that stand for assumptions lie in between. */
  private readonly inner = [0];
  private variables = 0;
  private readonly clauses: number[] = [];
  private model: Uint8Array = new Uint8Array(0);
  private failed: Clause = [];
  private running: Running | null = null;

  constructor(private readonly queryMilliseconds: number) {}

  addVariable(): number {
    return this.inner.push(++this.variables) - 1;
  }

  addClause(clause: Clause): void {
    for (const literal of clause) this.clauses.push(this.innerLiteral(literal));
    this.clauses.push(0);
  }

  private innerLiteral(literal: number): number {
    const variable = this.inner[Math.abs(literal)] ?? 0;
    invariant(variable !== 0, `a clause with literal ${literal} of ${this.inner.length - 1} variables`);
    return literal < 0 ? -variable : variable;
  }

  solve({ assumptions = [] }: SatQuery = {}): SatAnswer {
    this.failed = assumptions;
    const assumed = assumptions.length === 0 ? 0 : ++this.variables;
    for (const literal of assumptions) this.clauses.push(-assumed, this.innerLiteral(literal), 0);
    const answer = this.ask(assumed);
    if (assumed !== 0) this.clauses.push(-assumed, 0);
    if (answer.tag === "satisfiable") this.model = answer.model;
    return answer.tag === "satisfiable" ? { tag: "satisfiable" } : answer;
  }

  private ask(assumed: number): Exclude<Reply, { tag: "memory" }> | Extract<SatAnswer, { tag: "unknown" }> {
    this.running ??= start();
    const { port, replies, sent } = this.running;
    const before = Atomics.load(replies, 0);
    const request: Request = {
      variables: this.variables,
      clauses: Int32Array.from(this.clauses.slice(sent)),
      assumed,
    };
    this.running.sent = this.clauses.length;
    port.postMessage(request);
    Atomics.wait(replies, 0, before, this.queryMilliseconds);
    const reply = receiveMessageOnPort(port)?.message as Reply | undefined;
    if (reply !== undefined && reply.tag !== "memory") return reply;
    this.close();
    return { tag: "unknown", reason: reply === undefined ? "time" : "memory" };
  }

  value(variable: number): boolean {
    return this.model[this.inner[variable]!] === 1;
  }

  failedAssumptions(): readonly number[] {
    return this.failed;
  }

  close(): void {
    this.running?.port.close();
    void this.running?.worker.terminate();
    this.running = null;
  }
}

function start(): Running {
  const { port1, port2 } = new MessageChannel();
  const replies = new Int32Array(new SharedArrayBuffer(4));
  const data: WorkerData = { port: port2, replies };
  // Its output is kept off the terminal: MiniSat announces there that its heap is full.
  const worker = new Worker(builtUrl(import.meta.url, "worker.js"), {
    workerData: data,
    transferList: [port2],
    stdout: true,
    stderr: true,
  });
  worker.unref();
  return { worker, port: port1, replies, sent: 0 };
}

/** @param queryMilliseconds wall clock after which a query is given up. */
export function createLogicSolver(queryMilliseconds: number): Solver {
  return new LogicSolver(queryMilliseconds);
}
