import { z } from "zod";
import { UserError } from "../../base/errors.js";
import type { RunFolder } from "./run-folder.js";

/** `manifest.json`: what made this folder, and the hash of everything in it that a rerun must reproduce. */
const Hashes = z.record(z.string(), z.string());
const StageRecord = z.strictObject({
  /** SHA-256 over options, input hashes and versions: equal key, equal outputs. */
  key: z.string(),
  /** File to SHA-256, relative to the run folder. */
  outputs: Hashes,
  /** SHA-256 of the report's sections that the stage wrote, without seconds. */
  report: z.string(),
});
export type StageRecord = z.infer<typeof StageRecord>;

export const ManifestSchema = z.strictObject({
  schema: z.literal(1),
  name: z.string(),
  seed: z.int(),
  versions: z.record(z.string(), z.string()),
  inputs: Hashes,
  stages: z.record(z.string(), StageRecord),
  outputs: Hashes,
});
export type Manifest = z.infer<typeof ManifestSchema>;

export const MANIFEST = "manifest.json";

/** The manifest of a run folder, or an empty one; a damaged one counts as none (every stage then runs again). */
export function readManifest(run: RunFolder, name: string, seed: number): Manifest {
  const empty: Manifest = { schema: 1, name, seed, versions: {}, inputs: {}, stages: {}, outputs: {} };
  if (!run.exists(MANIFEST)) return empty;
  try {
    return ManifestSchema.parse(JSON.parse(run.readText(MANIFEST)));
  } catch {
    run.log("manifest-damaged");
    return empty;
  }
}

export function writeManifest(run: RunFolder, manifest: Manifest): void {
  run.write(MANIFEST, `${JSON.stringify(manifest, null, 2)}\n`);
}

/** @throws {UserError} if a stage's outputs are asked for before it ran. */
export function requireStage(manifest: Manifest, stage: string, path: string): StageRecord {
  const record = manifest.stages[stage];
  if (record === undefined) {
    throw new UserError(
      "run/stage",
      `${path}: expected the outputs of "${stage}" but found none`,
      `run dbnc ${stage} --run ${path} first`,
    );
  }
  return record;
}
