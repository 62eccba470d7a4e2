import { ARRIVED, GENERATION, NEXT_ITEM, THREADS, word } from "./plan";

/** Looks at the generation before a thread goes to sleep; a step's phases are microseconds apart. */
const SPINS: i32 = 2000;

/** Wait for all threads; the last one to arrive opens the next phase's work. */
export function barrier(plan: u32): void {
  const threads = word(plan, THREADS);
  const generation = atomic.load<i32>(plan + GENERATION);
  if (atomic.add<u32>(plan + ARRIVED, 1) === threads - 1) {
    atomic.store<u32>(plan + ARRIVED, 0);
    atomic.store<u32>(plan + NEXT_ITEM, 0);
    atomic.add<i32>(plan + GENERATION, 1);
    if (threads > 1) atomic.notify(plan + GENERATION, threads);
    return;
  }
  for (let i = 0; i < SPINS; i++) if (atomic.load<i32>(plan + GENERATION) !== generation) return;
  while (atomic.load<i32>(plan + GENERATION) === generation) {
    atomic.wait<i32>(plan + GENERATION, generation, -1);
  }
}

/** The first of `chunk` work items that are this thread's to do. What an item computes does not depend on who does it. */
export function take(plan: u32, chunk: u32): u32 {
  return atomic.add<u32>(plan + NEXT_ITEM, chunk);
}
