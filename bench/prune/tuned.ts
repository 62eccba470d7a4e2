import type { Design } from "../../compiler/ir/design.js";
import { freeze } from "../../compiler/model/freeze.js";
import { foldReadout } from "../../compiler/prune/readout-fold.js";
import { applySubstitutions } from "../../compiler/prune/substitution.js";
import type { Config } from "../../src/config/schema.js";
import type { PreparedData } from "../../src/flow/prepared-data.js";
import { tuneRound } from "../../src/flow/prune/rounds.js";

/** A pruned design trained on as a round of the prune stage does it. @param given before pruning. @param temperature of its model. */
export async function tuned(
  design: Design,
  given: Design,
  config: Config,
  data: PreparedData,
  tune: NonNullable<Config["prune"]["tune"]>,
  temperature: number,
): Promise<Design> {
  const watcher = { stage: () => {}, line: () => {}, progress: () => {} };
  const context = { config, signal: new AbortController().signal, watcher };
  const model = await tuneRound(context, foldReadout(design), given, data, tune, temperature);
  const found = freeze(model).design;
  return { ...found, core: applySubstitutions(found.core, []).core };
}
