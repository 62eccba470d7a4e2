import { existsSync, readFileSync } from "node:fs";
import { Random } from "../../base/random.js";
import { firstGate, type Netlist, nodeCount } from "../../compiler/ir/netlist.js";
import { decodeDesign } from "../../compiler/model/design-codec.js";
import { type Activity, NearestNodes, offerBySignatures } from "../../compiler/prune/neighbours.js";
import { simulateNodes } from "../../compiler/simulate/bit-parallel.js";
import { loadConfig } from "../../src/config/load.js";
import { dataSession } from "../../src/flow/data-session.js";
import { encodeSplit } from "../../src/flow/prepared-data.js";
import { trainedLike } from "../sat/trained-like.js";
import { offerByTrees } from "./partition-trees.js";

/**
 * `npm run bench:candidates -- [<run folder>]`: near pairs found by signatures and by partition trees, with as many
 * comparisons each. Of small netlists the share of gates whose nearest lower node was found; of large ones how many
 * gates got a node within 2%. Processor seconds.
 */
const WORDS = 64;
const KEPT = 6;

function activityOf(core: Netlist, bits: readonly Uint32Array[] | null): Activity {
  const random = Random.forPurpose(1, "candidates");
  const inputs =
    bits?.map((row) => row.slice(0, WORDS)) ??
    Array.from({ length: core.inputs }, () => Uint32Array.from({ length: WORDS }, () => random.uint32()));
  return { first: firstGate(core), values: simulateNodes(core, inputs, WORDS), words: WORDS };
}

interface Found {
  readonly near: NearestNodes;
  readonly compared: number;
  readonly seconds: number;
}

function timed(activity: Activity, search: (near: Pick<NearestNodes, "offer">) => void): Found {
  const near = new NearestNodes(activity, KEPT);
  let compared = 0;
  const begin = process.cpuUsage();
  search({
    offer: (x, y) => {
      compared++;
      near.offer(x, y);
    },
  });
  const { user, system } = process.cpuUsage(begin);
  return { near, compared, seconds: (user + system) / 1e6 };
}

/** Every pair: only for small netlists. */
function everyPair(activity: Activity): NearestNodes {
  const nodes = activity.values.length / activity.words;
  const near = new NearestNodes(activity, KEPT);
  for (let y = activity.first; y < nodes; y++) for (let x = 0; x < y; x++) near.offer(x, y);
  return near;
}

function compare(label: string, core: Netlist, bits: readonly Uint32Array[] | null): void {
  const activity = activityOf(core, bits);
  const gates = nodeCount(core) - activity.first;
  const exact = gates < 10_000 ? everyPair(activity) : null;
  console.log(`${label}: ${gates.toLocaleString("en-US")} gates`);
  const searches: [string, (near: Pick<NearestNodes, "offer">) => void][] = [2, 8, 16].flatMap((n) => [
    [
      `signatures, ${n} tables`,
      (near) => offerBySignatures(activity, near, { seed: 1, tables: n, window: 8 }),
    ],
    [`trees, ${n}`, (near) => offerByTrees(activity, near, { seed: 1, trees: n, leaf: 17 })],
  ]);
  for (const [name, search] of searches) {
    const { near, compared, seconds } = timed(activity, search);
    let [close, best] = [0, 0];
    for (let node = activity.first; node < activity.first + gates; node++) {
      if (near.count[node] === 0) continue;
      if (near.distance[node * KEPT]! <= 0.02 * 32 * WORDS) close++;
      if (exact !== null && near.distance[node * KEPT] === exact.distance[node * KEPT]) best++;
    }
    const share = exact === null ? "" : `, nearest of ${((100 * best) / gates).toFixed(1)}%`;
    const rate = Math.round(close / seconds).toLocaleString("en-US");
    console.log(
      `  ${name.padEnd(24)} ${(compared / 1e6).toFixed(2)} M comparisons, ${close.toLocaleString("en-US")} gates with a node within 2%${share}; ${seconds.toFixed(2)} s, ${rate} a second`,
    );
  }
}

const folder = process.argv[2];
if (folder !== undefined && existsSync(`${folder}/design.safetensors`)) {
  const design = decodeDesign(readFileSync(`${folder}/design.safetensors`), folder);
  const { train } = await dataSession(loadConfig(`${folder}/dbnc.yaml`, [])).data();
  compare(folder, design.core, encodeSplit(design.encoder, train).bits);
}
compare("48k", trainedLike(1, { inputs: 784, layers: 6, width: 8000, duplicated: 0.18 }).netlist, null);
compare("400k", trainedLike(1, { inputs: 784, layers: 6, width: 66_700, duplicated: 0.18 }).netlist, null);
