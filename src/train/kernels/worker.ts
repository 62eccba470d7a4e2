import { parentPort, workerData } from "node:worker_threads";
import { instantiate } from "./module.js";

/** What a kernel thread is started with. */
export interface KernelThread {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Address of the plan. */
  readonly plan: number;
  readonly thread: number;
}

const { module, memory, plan, thread } = workerData as KernelThread;
const kernels = instantiate(module, memory);
const port = parentPort!;
port.on("message", (steps: number) => {
  kernels.train(plan, thread, steps);
  port.postMessage(null);
});
