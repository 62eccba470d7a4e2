import { Sweep } from "../verify/sweep/sweep.js";
import { sweptNetlist } from "../verify/sweep/swept.js";
import type { Pass } from "./pass.js";

/** Merge gates that are equal or complementary to earlier ones, or constant, as far as that is proved. */
export const satSweep: Pass = {
  name: "sat-sweep",
  summary: "merge gates that are proved equal, complementary or constant; remove what no output sees then",
  preserves: "function",
  async run(design, { createSolver, seed, patterns, cancelled }) {
    const sweep = new Sweep(design.core, {
      createSolver,
      seed,
      patterns,
      ...(cancelled === undefined ? {} : { cancelled }),
    });
    await sweep.run();
    sweep.solver.close();
    const { conflicts, ...counts } = sweep.statistics;
    const stats = { ...counts, ...(conflicts === null ? {} : { conflicts }) };
    return { design: { ...design, core: sweptNetlist(sweep.graph) }, stats };
  },
};
