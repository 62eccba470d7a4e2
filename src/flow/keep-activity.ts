import { emitSaif } from "../../compiler/emit/saif.js";
import { parseVectors } from "../../compiler/emit/vectors.js";
import type { Design } from "../../compiler/ir/design.js";
import { buildReadout } from "../../compiler/map/readout-circuit.js";
import { designActivity } from "../../compiler/simulate/design-activity.js";
import { VERSION } from "../version.js";
import { emittedStyle } from "./emitted-style.js";
import { configuredPipeline } from "./pipeline.js";
import type { StageContext } from "./stage.js";
import { emittedPaths } from "./stages/emit.js";

/**
 * Write the switching activity over the testbench's vectors where it was asked for (`simulate.saif`).
 *
 * @returns the files written.
 */
export function keepActivity(design: Design, { config, run, watcher }: StageContext): string[] {
  run.remove(FOLDER);
  if (!config.simulate.saif) return [];
  const vectors = parseVectors(design, run.readText(emittedPaths(config.name).vectors));
  if (vectors === null) return [];
  const samples = vectors.expected.length;
  const plan = configuredPipeline(config, design);
  const circuit = buildReadout(design.readout, emittedStyle(config, design));
  const activity = designActivity(design, circuit, vectors.codes, samples);
  const file = `${FOLDER}/${config.name.replaceAll("-", "_")}.saif`;
  run.write(file, emitSaif(design, config.name, activity, VERSION, plan?.coreStage));
  watcher.line(`activity of ${samples} samples in ${run.absolute(file)}`);
  return [file];
}

const FOLDER = "activity";
