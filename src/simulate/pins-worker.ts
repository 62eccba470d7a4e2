import { parentPort, workerData } from "node:worker_threads";
import { ReadBackFault } from "../../compiler/read/yosys-json.js";
import { mismatchesThroughPins } from "../../compiler/simulate/through-pins.js";
import type { PinPart, PinResult } from "./through-pins.js";

function result({ module, run }: PinPart): PinResult {
  try {
    return { mismatches: mismatchesThroughPins(module, run) };
  } catch (error) {
    if (error instanceof ReadBackFault) return { fault: error.message };
    throw error;
  }
}

parentPort!.postMessage(result(workerData as PinPart));
