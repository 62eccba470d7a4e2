import { existsSync } from "node:fs";
import { join } from "node:path";
import { loadConfig } from "../config/load.js";
import type { Config } from "../config/schema.js";
import { isPruned } from "./prune/budget.js";
import { DESIGN } from "./stages/optimize.js";
import { PRUNED, PRUNED_MODEL } from "./stages/prune.js";
import { MODEL } from "./stages/train.js";

/** The file of the run folder that holds the design which is emitted, simulated, verified and synthesised. */
export const finalDesign = ({ prune }: Config): string => (isPruned(prune) ? PRUNED : DESIGN);

/** The file of the run folder whose model that design is proved to compute, and whose classes the testbench expects. */
export const finalModel = ({ prune }: Config): string => (isPruned(prune) ? PRUNED_MODEL : MODEL);

/** The path of the final design in a run folder, by the configuration in it. */
export function designIn(folder: string): string {
  const config = join(folder, "dbnc.yaml");
  return join(folder, existsSync(config) ? finalDesign(loadConfig(config, [])) : DESIGN);
}
