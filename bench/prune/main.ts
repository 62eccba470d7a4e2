import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import type { Design } from "../../compiler/ir/design.js";
import { accuracyOf } from "../../compiler/ir/labelled-bits.js";
import { gateCount } from "../../compiler/ir/netlist.js";
import { decodeModel } from "../../compiler/model/codec.js";
import { decodeDesign, encodeDesign } from "../../compiler/model/design-codec.js";
import { gateStrengths } from "../../compiler/prune/magnitude.js";
import type { PruneOptions } from "../../compiler/prune/prune-rounds.js";
import { RANKINGS, type Ranking } from "../../compiler/prune/ranking.js";
import { predict } from "../../compiler/simulate/bit-parallel.js";
import { loadConfig } from "../../src/config/load.js";
import { dataSession } from "../../src/flow/data-session.js";
import { encodeSplit, SPLITS } from "../../src/flow/prepared-data.js";
import { simulationModule } from "../../src/simulate/module.js";
import { prunedTo } from "./pruned-to.js";
import { appendResult, hasResult, REMOVED } from "./results.js";
import { tuned } from "./tuned.js";

/**
 * `npm run bench:prune -- <run folder>… [--rankings a,b] [--removed 0.5,0.75] [--tune <epochs>]`: accuracy with shares of
 * the live gates removed, for rankings and baselines, before and after fine-tuning. Needs the runs' model and design
 * (`dbnc build --until optimize`). Results are appended to bench/prune/results.csv and pruned designs kept in the run
 * folder: what is there already is not made again.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rankings: { type: "string", default: RANKINGS.join() },
    removed: { type: "string", default: REMOVED.join() },
    tune: { type: "string", default: "0" },
  },
});
const epochs = Number(values.tune);
const removed = values.removed.split(",").map(Number);
for (const folder of positionals) await benchRun(folder);

type Note = (share: number, at: Design, seconds: number) => void;

async function benchRun(folder: string): Promise<void> {
  const config = loadConfig(join(folder, "dbnc.yaml"), []);
  const model = decodeModel(readFileSync(join(folder, "model.safetensors")), folder);
  const design = decodeDesign(readFileSync(join(folder, "design.safetensors")), folder);
  const prepared = await dataSession(config).data();
  const [train, validation, test] = SPLITS.map((name) => encodeSplit(design.encoder, prepared[name]));
  const noteOf =
    (ranking: Ranking | "none", tuning: number): Note =>
    (share, at, seconds) => {
      const [v, t] = [validation!, test!].map(({ bits, samples, labels }) =>
        accuracyOf(predict(at, bits, samples), labels),
      );
      const of = { run: basename(folder), ranking, tuned: tuning, removed: share };
      if (!hasResult(of))
        appendResult({ ...of, gates: gateCount(at.core), validation: v!, test: t!, seconds });
    };
  noteOf("none", 0)(0, design, 0);
  const options = {
    module: simulationModule(),
    dontCares: config.prune.dontCares,
    data: train!,
    temperature: model.temperature,
    seed: config.seed,
    drawn: config.prune.samples,
    share: config.prune.share,
    strengths: gateStrengths(model),
  };
  const tune = { rounds: 1, epochs: 0, learningRate: 0.02, candidates: 1, votes: epochs };
  const tuneTo = async (ranking: Ranking | "none", share: number, pruned: () => Design): Promise<void> => {
    if (hasResult({ run: basename(folder), ranking, tuned: epochs, removed: share })) return;
    const begin = process.cpuUsage();
    const found = await tuned(pruned(), design, config, prepared, tune, model.temperature);
    noteOf(ranking, epochs)(share, found, cpuSeconds(begin));
  };
  if (epochs > 0) await tuneTo("none", 0, () => design);
  for (const ranking of values.rankings.split(",") as Ranking[]) {
    pruneAll(folder, design, { ...options, ranking }, noteOf(ranking, 0));
    for (const share of epochs === 0 ? [] : removed) {
      const file = fileOf(folder, ranking, share);
      await tuneTo(ranking, share, () => decodeDesign(readFileSync(file), file));
    }
  }
}

function fileOf(folder: string, ranking: Ranking, share: number): string {
  return join(folder, "bench", `${ranking}-${share}.safetensors`);
}

/** Prune to the shares asked for, unless that was done before. */
function pruneAll(folder: string, design: Design, options: PruneOptions, note: Note): void {
  const { ranking } = options;
  if (removed.every((share) => existsSync(fileOf(folder, ranking, share)))) return;
  mkdirSync(join(folder, "bench"), { recursive: true });
  const begin = process.cpuUsage();
  for (const { share, design: at } of prunedTo(design, removed, options)) {
    writeFileSync(fileOf(folder, ranking, share), encodeDesign(at));
    note(share, at, cpuSeconds(begin));
  }
}

function cpuSeconds(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1e6;
}
