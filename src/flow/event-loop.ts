/**
 * Let the event loop go round: signals and messages that came while the thread was computing are then handled.
 *
 * @remarks Two immediates, because the first may still belong to the round in which the caller was woken.
 */
export async function eventLoopTurn(): Promise<void> {
  for (let round = 0; round < 2; round++) await new Promise((resolve) => setImmediate(resolve));
}
