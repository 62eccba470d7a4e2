import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { killTree, treeMegabytes } from "../../src/flow/process-tree.js";
import type { StepResult } from "./step.js";

/** A step with the memory that it and all that it started took at most, together; or that it was stopped. */
export type Measured =
  | (StepResult & { readonly peakMB: number; readonly cpuSeconds: number })
  | { readonly stoppedAfter: number; readonly peakMB: number };

/** Processor seconds of all processes that were started and have ended. Linux only. */
function childrenCpu(): number {
  const text = readFileSync("/proc/self/stat", "utf8");
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const TICKS_A_SECOND = 100;
  return (Number(fields[13]) + Number(fields[14])) / TICKS_A_SECOND;
}

/** How often memory is looked at, in milliseconds. */
const INTERVAL = 250;

/** Run a step. @param limit seconds after which it is stopped with all that it started. @throws if it fails. */
export function measure(args: readonly string[], limit: number): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      ["--max-old-space-size=8000", fileURLToPath(new URL("step.js", import.meta.url)), ...args],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    let output = "";
    let peakMB = 0;
    let stopped = false;
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString("utf8");
    });
    const sampling = setInterval(() => {
      peakMB = Math.max(peakMB, Math.round(treeMegabytes(child.pid!) ?? 0));
    }, INTERVAL);
    const before = childrenCpu();
    const timer = setTimeout(() => {
      stopped = true;
      killTree(child.pid!);
    }, 1000 * limit);
    child.once("close", (status) => {
      clearInterval(sampling);
      clearTimeout(timer);
      if (stopped) resolve({ stoppedAfter: limit, peakMB });
      else if (status !== 0) reject(new Error(`${args.join(" ")} ended with exit code ${status}`));
      else resolve({ ...(JSON.parse(output) as StepResult), peakMB, cpuSeconds: childrenCpu() - before });
    });
  });
}
