import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import type { Design } from "../../compiler/ir/design.js";
import type { LabelledBits } from "../../compiler/ir/labelled-bits.js";
import { gateCount } from "../../compiler/ir/netlist.js";
import { decodeModel } from "../../compiler/model/codec.js";
import { decodeDesign } from "../../compiler/model/design-codec.js";
import { gateStrengths } from "../../compiler/prune/magnitude.js";
import { prunedBy, pruneRounds } from "../../compiler/prune/prune-rounds.js";
import { RANKINGS, type Ranking } from "../../compiler/prune/ranking.js";
import { applySubstitutions, type Substitution } from "../../compiler/prune/substitution.js";
import { predict } from "../../compiler/simulate/bit-parallel.js";
import { loadConfig } from "../../src/config/load.js";
import { dataSession } from "../../src/flow/data-session.js";
import { accuracyOf, encodeSplit } from "../../src/flow/prepared-data.js";
import { simulationModule } from "../../src/simulate/module.js";
import { tuned } from "./tuned.js";

/**
 * `npm run bench:prune -- <run folder>… [--rankings a,b] [--tune <epochs>]`: accuracy with 10, 25, 50 and 75% of the live
 * gates removed, for every ranking and baseline, before and after fine-tuning. Needs the runs' model and design (`dbnc
 * build --until optimize`). Results are appended to bench/prune/results.csv; what is there already is not run again.
 */
const RESULTS = "bench/prune/results.csv";
const HEAD = "run,ranking,tuned_epochs,removed,gates,validation,test,seconds";
const REMOVED = [0.1, 0.25, 0.5, 0.75];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rankings: { type: "string", default: RANKINGS.join() },
    tune: { type: "string", default: "0" },
    share: { type: "string", default: "0.05" },
  },
});
if (!existsSync(RESULTS)) appendFileSync(RESULTS, `${HEAD}\n`);
for (const folder of positionals) await benchRun(folder);

async function benchRun(folder: string): Promise<void> {
  const config = loadConfig(join(folder, "dbnc.yaml"), []);
  const read = (file: string): Uint8Array => readFileSync(join(folder, file));
  const model = decodeModel(read("model.safetensors"), folder);
  const design = decodeDesign(read("design.safetensors"), folder);
  const prepared = await dataSession(config).data();
  const [train, validation, test] = (["train", "validation", "test"] as const).map((split) =>
    encodeSplit(design.encoder, prepared[split]),
  ) as [LabelledBits, LabelledBits, LabelledBits];
  const epochs = Number(values.tune);
  const row = (ranking: string, removed: number, at: Design, seconds: number): void => {
    const [v, t] = [validation, test].map((split) =>
      accuracyOf(predict(at, split.bits, split.samples), split.labels).toFixed(4),
    );
    const fields = [basename(folder), ranking, epochs, removed, gateCount(at.core), v, t, seconds.toFixed(1)];
    appendFileSync(RESULTS, `${fields.join()}\n`);
    console.log(fields.join("  "));
  };
  if (!isDone(folder, "none", 0)) row("none", 0, design, 0);
  for (const ranking of values.rankings.split(",") as Ranking[]) {
    if (isDone(folder, ranking, epochs)) continue;
    const begin = process.cpuUsage();
    const options = {
      ranking,
      data: train,
      temperature: model.temperature,
      seed: config.seed,
      drawn: config.prune.samples,
      share: Number(values.share),
      strengths: gateStrengths(model),
      module: simulationModule(),
    };
    const found = curve(design, options);
    const { user, system } = process.cpuUsage(begin);
    const context = { config, prepared, temperature: model.temperature, epochs };
    for (const [i, at] of found.entries())
      row(ranking, REMOVED[i]!, epochs === 0 ? at : await tuned(at, context), (user + system) / 1e6);
  }
}

/** The designs with each share of the gates removed, as near as substitutions come to it from below. */
function curve(design: Design, options: Parameters<typeof pruneRounds>[1]): Design[] {
  const live = gateCount(design.core);
  const found: Design[] = [];
  let before = 0;
  for (const { list, design: at } of pruneRounds(design, options)) {
    while (found.length < REMOVED.length && gateCount(at.core) <= (1 - REMOVED[found.length]!) * live) {
      const length = shortest(design, list, before, (1 - REMOVED[found.length]!) * live);
      found.push(prunedBy(design, list.slice(0, length), options));
    }
    if (found.length === REMOVED.length) break;
    before = list.length;
  }
  return found;
}

/** How many of the substitutions leave at most so many gates. @param low too few of them. */
function shortest(design: Design, list: readonly Substitution[], low: number, gates: number): number {
  let [few, enough] = [low, list.length];
  while (enough - few > 1) {
    const middle = Math.floor((few + enough) / 2);
    const left = gateCount(applySubstitutions(design.core, list.slice(0, middle)).core);
    if (left <= gates) enough = middle;
    else few = middle;
  }
  return enough;
}

function isDone(folder: string, ranking: string, epochs: number): boolean {
  const rows = readFileSync(RESULTS, "utf8").split("\n");
  const own = rows.filter((line) => line.startsWith(`${basename(folder)},${ranking},${epochs},`));
  return own.length >= (ranking === "none" ? 1 : REMOVED.length);
}
