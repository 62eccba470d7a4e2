import { UserError } from "../../base/errors.js";
import { isTree, loadConfig } from "../config/load.js";
import type { Config } from "../config/schema.js";
import type { RunFolder } from "./run-folder.js";
import { STAGES } from "./stages.js";

/** Differences that an error names. */
const SHOWN = 3;

/**
 * Refuse settings of the training that a run's network was not trained with: a later stage alone would leave them in the
 * run's `dbnc.yaml` and report, where they were never true.
 *
 * @param file the run's project file, as the stages before left it.
 * @param tunes whether a stage to come trains on: with `train.*` of its own.
 */
export function refuseOtherTraining(run: RunFolder, file: string, config: Config, tunes: boolean): void {
  const options = STAGES.find(({ name }) => name === "train")!.options;
  const trained = loadConfig(run.absolute(file), []);
  const found = differences(options(trained), options(config), []).filter(
    ({ key }) => !(tunes && key.startsWith("train.")),
  );
  if (found.length === 0) return;
  const text = ({ key, was, is }: Difference): string =>
    `${key} ${JSON.stringify(was)} but found ${JSON.stringify(is)}`;
  throw new UserError(
    "run/trained",
    `${run.path}: expected the settings that its network was trained with: ${found.slice(0, SHOWN).map(text).join("; ")}`,
    "leave them out, or train with them: dbnc build under another --name, or dbnc train on this run",
  );
}

interface Difference {
  readonly key: string;
  readonly was: unknown;
  readonly is: unknown;
}

function differences(was: unknown, is: unknown, path: readonly string[]): Difference[] {
  if (isTree(was) && isTree(is)) {
    const keys = new Set([...Object.keys(was), ...Object.keys(is)]);
    return [...keys].flatMap((key) => differences(was[key], is[key], [...path, key]));
  }
  const same = JSON.stringify(was) === JSON.stringify(is);
  return same ? [] : [{ key: path.join("."), was: was ?? null, is: is ?? null }];
}
