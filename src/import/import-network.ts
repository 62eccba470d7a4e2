import { existsSync } from "node:fs";
import { extname } from "node:path";
import { UserError } from "../../base/errors.js";
import { decodeModel } from "../../compiler/model/codec.js";
import { freeze } from "../../compiler/model/freeze.js";
import type { Model } from "../../compiler/model/model.js";
import { checkEquivalent } from "../../compiler/verify/equivalence.js";
import { createCdclSolver } from "../../sat/cdcl/solver.js";
import { timeLimited } from "../../sat/time-limit.js";
import { CIRCUIT_EXTENSIONS, readCircuit } from "../circuit/formats.js";
import type { Config } from "../config/schema.js";
import { readFileChecked } from "../flow/files.js";
import type { StageContext } from "../flow/stage.js";
import type { Verdict } from "../report/schema.js";
import { fitModelToData } from "./model-file.js";
import { modelOfNetlist } from "./netlist.js";

/** Extension of model files. */
const MODEL_FILE = ".safetensors";

/** A network that was not trained here. */
export interface Imported {
  readonly model: Model;
  /** The circuit of the file against the model made of it; null for a model file, which is the model. */
  readonly verdict: Verdict | null;
}

/** Refuse what cannot be imported, before any work. @throws {UserError} */
export function checkImport({ import: { file }, encoder }: Config): void {
  if (file === null) return;
  const extension = extname(file).toLowerCase();
  const known = [MODEL_FILE, ...CIRCUIT_EXTENSIONS];
  if (!known.includes(extension)) {
    throw new UserError(
      "import/format",
      `${file}: expected a file that ends in ${known.join(", ")} but found "${extension}"`,
      "docs/import.md has the lines of Python that write a model file",
    );
  }
  if (!existsSync(file))
    throw new UserError("file/read", `${file}: expected a readable file but found none`, "check the path");
  if (extension !== MODEL_FILE && typeof encoder.thresholds === "string") {
    throw new UserError(
      "import/thresholds",
      `encoder.thresholds: expected the list that the circuit was learned with but found ${encoder.thresholds}`,
      "as in --set encoder.thresholds=[128]: an input is 1 where its feature is at least that",
    );
  }
}

/**
 * Read the network of `import.file`: a model file (docs/formats/model.md), or a circuit with a group-sum readout. A
 * circuit becomes a model with one layer a level, which is then proved to compute it.
 */
export async function importNetwork(context: StageContext, file: string): Promise<Imported> {
  const { config, signal } = context;
  const data = await context.data();
  if (extname(file).toLowerCase() === MODEL_FILE) {
    const model = decodeModel(readFileChecked(file, "check the path"), file);
    return { model: fitModelToData(file, model, data.dataset), verdict: null };
  }
  const { netlist } = readCircuit(file);
  const model = modelOfNetlist(file, netlist, data, config);
  const { tag } = await checkEquivalent(netlist, freeze(model).design.core, {
    createSolver: timeLimited(createCdclSolver, 1000 * config.verify.queryTimeout),
    seed: config.seed,
    conflictBudget: config.verify.conflicts,
    cancelled: () => signal.aborted,
  });
  signal.throwIfAborted();
  return { model, verdict: tag };
}
