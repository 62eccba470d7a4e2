import { parseArgs } from "node:util";
import { Random } from "../../base/random.js";
import { gateCount } from "../../compiler/ir/netlist.js";
import { groupSumReadout } from "../../compiler/ir/readout.js";
import { pruneRounds } from "../../compiler/prune/prune-rounds.js";
import { applySubstitutions } from "../../compiler/prune/substitution.js";
import { simulationModule } from "../../src/simulate/module.js";
import { predictBits } from "../../src/simulate/predict.js";
import { trainedLike } from "../sat/trained-like.js";

/**
 * `npm run bench:prune-large -- [--width 66700] [--rounds <n>]`: prune a trained-like netlist of six layers, 400,000 gates
 * unless told, to half its gates by the default ranking; 54,000 random samples, labelled by the netlist itself. Prints
 * processor and wall seconds and peak memory after each round.
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
console.log(
  `${live.toLocaleString("en-US")} gates, ${votes.toLocaleString("en-US")} votes, ${values.ranking}`,
);
const [cpu, wall] = [process.cpuUsage(), performance.now()];
let round = 0;
for (const { design: at, list } of pruneRounds(design, {
  ranking: values.ranking as "distortion",
  data: { samples: SAMPLES, bits, labels },
  temperature: Math.sqrt(votes / CLASSES) / 4,
  seed: 1,
  drawn: 8192,
  share: 0.05,
  strengths: new Float64Array(0),
  module: simulationModule(),
})) {
  const { user, system } = process.cpuUsage(cpu);
  const memory = process.resourceUsage().maxRSS / 2 ** 20;
  console.log(
    `round ${++round}: ${gateCount(at.core).toLocaleString("en-US")} gates, ${list.length.toLocaleString("en-US")} substitutions; ${((user + system) / 1e6).toFixed(0)} CPU-s, ${((performance.now() - wall) / 1000).toFixed(0)} s, peak ${memory.toFixed(2)} GiB`,
  );
  if (gateCount(at.core) <= live / 2 || round === Number(values.rounds)) break;
}
