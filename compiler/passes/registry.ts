import { UserError } from "../../base/errors.js";
import { suggest } from "../../base/nearest.js";
import { constantPropagation } from "./constant-propagation.js";
import { deadGates } from "./dead-gates.js";
import { dontCare } from "./dont-care.js";
import type { Pass } from "./pass.js";
import { rewrite } from "./rewrite.js";
import { satSweep } from "./sat-sweep.js";
import { strash } from "./strash.js";

/** Every pass there is. */
export const PASSES: readonly Pass[] = [constantPropagation, strash, deadGates, satSweep, dontCare, rewrite];

/** Named sequences of passes. */
export const PIPELINES: Readonly<Record<string, readonly string[]>> = {
  default: ["constant-propagation", "strash", "dead-gates", "sat-sweep", "rewrite", "dont-care"],
  thorough: ["default", "sat-sweep", "rewrite", "dont-care"],
  none: [],
};

/** The passes that names of passes and pipelines stand for. @throws {UserError} for an unknown name. */
export function resolvePasses(names: readonly string[]): Pass[] {
  return names.flatMap((name) => {
    const pipeline = PIPELINES[name];
    if (pipeline !== undefined) return resolvePasses(pipeline);
    const pass = PASSES.find((candidate) => candidate.name === name);
    if (pass !== undefined) return [pass];
    const known = [...PASSES.map((candidate) => candidate.name), ...Object.keys(PIPELINES)];
    throw new UserError(
      "pass/unknown",
      `passes: expected a pass or pipeline but found "${name}"`,
      suggest(name, known),
    );
  });
}
