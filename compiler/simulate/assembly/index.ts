export { evaluate } from "./evaluate";
export { weighFlips } from "./flips";
export { gather } from "./gather";
export { packBytes, packWords } from "./pack";
export { score, sums } from "./score";

/** First byte past the module's own constants and scratch. */
export function heapBase(): u32 {
  return <u32>__heap_base;
}
