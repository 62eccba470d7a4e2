const FAST = 1 / 32;
const SLOW = 1 / 4096;
const MARGIN = 1.15;
const INTERVAL = 32;

/**
 * When to restart: the glue of recent learnt clauses is worse than it was on average (Audemard and Simon, "Refining
 * restarts strategies for SAT and UNSAT", 2012, with moving averages as in Biere and Fröhlich, 2015).
 */
export class RestartPolicy {
  private fast = 0;
  private slow = 0;
  private count = 0;
  private since = 0;

  learnt(glue: number): void {
    this.count++;
    this.since++;
    // Plain means at first, so that the averages start without a bias.
    this.fast += (glue - this.fast) * Math.max(FAST, 1 / this.count);
    this.slow += (glue - this.slow) * Math.max(SLOW, 1 / this.count);
  }

  get due(): boolean {
    return this.since >= INTERVAL && this.fast > MARGIN * this.slow;
  }

  restarted(): void {
    this.since = 0;
  }
}
