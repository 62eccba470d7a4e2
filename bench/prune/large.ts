import { parseArgs } from "node:util";
import { count } from "../../base/format.js";
import { Random } from "../../base/random.js";
import { gateCount } from "../../compiler/ir/netlist.js";
import { groupSumReadout } from "../../compiler/ir/readout.js";
import { substitutionsOf } from "../../compiler/prune/edits.js";
import { type PrunedRound, pruneRounds } from "../../compiler/prune/prune-rounds.js";
import { applySubstitutions, rewire } from "../../compiler/prune/substitution.js";
import { checkEquivalent } from "../../compiler/verify/equivalence.js";
import { createCdclSolver } from "../../sat/cdcl/solver.js";
import { simulationModule } from "../../src/simulate/module.js";
import { predictBits } from "../../src/simulate/predict.js";
import { trainedLike } from "../sat/trained-like.js";

/**
 * `npm run bench:prune-large -- [--width 66700] [--rounds <n>]`: prune a trained-like netlist of six layers, 400,000 gates
 * unless told, to half its gates by the default ranking, and prove the application of the substitutions; 54,000 random
 * samples, labelled by the netlist itself. Prints processor and wall seconds and peak memory after each round.
 */
const { values } = parseArgs({
  options: {
    width: { type: "string", default: "66700" },
    rounds: { type: "string", default: "1000" },
    ranking: { type: "string", default: "distortion" },
  },
});
const CLASSES = 10;
const SAMPLES = 54_000;

const { netlist } = trainedLike(1, { inputs: 784, layers: 6, width: Number(values.width), duplicated: 0.18 });
const votes = netlist.outputs.length - (netlist.outputs.length % CLASSES);
const readout = groupSumReadout(
  Array.from({ length: CLASSES }, (_, c) => `${c}`),
  votes,
);
const { core } = applySubstitutions({ ...netlist, outputs: netlist.outputs.slice(0, votes) }, []);
const design = { encoder: { features: [], bits: [] }, core, readout };
const random = Random.forPurpose(1, "large");
const bits = Array.from({ length: core.inputs }, () =>
  Uint32Array.from({ length: Math.ceil(SAMPLES / 32) }, () => random.uint32()),
);
const labels = predictBits(design, bits, SAMPLES);
const live = gateCount(core);
console.log(`${count(live)} gates, ${count(votes)} votes, ${values.ranking}`);
const [cpu, wall] = [process.cpuUsage(), performance.now()];
const spent = (): string => {
  const { user, system } = process.cpuUsage(cpu);
  const memory = process.resourceUsage().maxRSS / 2 ** 20;
  const seconds = (performance.now() - wall) / 1000;
  return `${((user + system) / 1e6).toFixed(0)} CPU-s, ${seconds.toFixed(0)} s, peak ${memory.toFixed(2)} GiB`;
};
let last: PrunedRound = { design, list: [] };
let round = 0;
for (last of pruneRounds(design, {
  ranking: values.ranking as "distortion",
  data: { samples: SAMPLES, bits, labels },
  temperature: Math.sqrt(votes / CLASSES) / 4,
  seed: 1,
  drawn: 8192,
  share: 0.05,
  strengths: new Float64Array(0),
  module: simulationModule(),
  dontCares: true,
})) {
  console.log(
    `round ${++round}: ${count(gateCount(last.design.core))} gates, ${count(last.list.length)} substitutions; ${spent()}`,
  );
  if (gateCount(last.design.core) <= live / 2 || round === Number(values.rounds)) break;
}
const verdict = await checkEquivalent(rewire(core, substitutionsOf(last.list)), last.design.core, {
  createSolver: createCdclSolver,
  seed: 1,
  patterns: bits,
  conflictBudget: 200_000,
});
console.log(`application of the substitutions: ${verdict.tag}; ${spent()}`);
