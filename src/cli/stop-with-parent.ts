/**
 * When the process that started this one with a channel to it (a sweep) is gone, however it went, stop as if asked to:
 * a checkpoint is left, and the run folder is free for whoever goes on.
 */
export function stopWithParent(): void {
  if (process.channel === undefined) return;
  process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
  process.channel.unref();
}
