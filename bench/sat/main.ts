import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { count } from "../../base/format.js";
import { emitAiger } from "../../compiler/emit/aiger.js";
import { namedCore } from "../../compiler/ir/named-netlist.js";
import type { Netlist } from "../../compiler/ir/netlist.js";
import type { SweepStatistics } from "../../compiler/verify/sweep/statistics.js";
import { Sweep } from "../../compiler/verify/sweep/sweep.js";
import { sweptNetlist } from "../../compiler/verify/sweep/swept.js";
import { createCdclSolver } from "../../sat/cdcl/solver.js";
import { createLogicSolver } from "../../sat/logic-solver/solver.js";
import type { SolverFactory } from "../../sat/solver.js";
import { trainedLike } from "./trained-like.js";

/**
 * `npm run bench:sat`: our sweep against ABC's `&fraig -y` on trained-like netlists with planted redundancy, then our
 * solver against logic-solver's MiniSat on the queries of a sweep. Times are processor seconds, as ABC counts them; ours
 * have all threads (compiler, garbage collector) in them, and the first run is cold: nothing is compiled yet.
 */
const SEED = 1;
const RUNS = 3;

interface Ours {
  readonly seconds: readonly number[];
  readonly netlist: Netlist;
  readonly statistics: SweepStatistics;
}

async function sweep(netlist: Netlist, createSolver: SolverFactory, windows = true): Promise<Ours> {
  const begin = process.cpuUsage();
  const run = new Sweep(netlist, { createSolver, seed: SEED, windows });
  await run.run();
  run.solver.close();
  const swept = sweptNetlist(run.graph);
  const { user, system } = process.cpuUsage(begin);
  const seconds = [(user + system) / 1e6];
  return { seconds, netlist: swept, statistics: run.statistics };
}

async function ours(netlist: Netlist): Promise<Ours> {
  let last = await sweep(netlist, createCdclSolver);
  const seconds = [...last.seconds];
  while (seconds.length < RUNS) {
    last = await sweep(netlist, createCdclSolver);
    seconds.push(...last.seconds);
  }
  return { ...last, seconds };
}

/** ABC's ANDs after structural hashing and after `&fraig -y`, the seconds that this took, and our result's ANDs. */
function abc(
  folder: string,
  before: Netlist,
  after: Netlist,
): { hashed: number; ands: number; seconds: number; ours: number } | null {
  writeFileSync(join(folder, "before.aig"), emitAiger(namedCore(before, "before"), []));
  writeFileSync(join(folder, "after.aig"), emitAiger(namedCore(after, "after"), []));
  const script = "&r before.aig; &st; &ps; time; &fraig -y; time; &st; &ps; &r after.aig; &st; &ps";
  const { stdout, status } = spawnSync("berkeley-abc", ["-q", script], { cwd: folder, encoding: "utf8" });
  if (status !== 0) return null;
  const [hashed, ands, own] = [...stdout.matchAll(/and = +(\d+)/g)].map((match) => Number(match[1]));
  const seconds = Number([...stdout.matchAll(/elapse: ([\d.]+)/g)][1]![1]);
  return { hashed: hashed!, ands: ands!, seconds, ours: own! };
}

const time = (seconds: number): string => `${seconds.toFixed(2)} s`;

async function compare(label: string, layers: number, width: number): Promise<void> {
  const { netlist, planted } = trainedLike(SEED, { inputs: 784, layers, width, duplicated: 0.18 });
  const { seconds, netlist: swept, statistics } = await ours(netlist);
  const folder = mkdtempSync(join(tmpdir(), "dbnc-bench-"));
  const theirs = abc(folder, netlist, swept);
  rmSync(folder, { recursive: true });
  const best = Math.min(...seconds);
  console.log(`${label}: ${count(netlist.kind.length)} gates, ${count(planted)} planted duplicates`);
  console.log(
    `  ours  ${count(swept.kind.length)} gates; cold ${time(seconds[0]!)}, best of ${RUNS} ${time(best)}; ${JSON.stringify(statistics)}`,
  );
  if (theirs === null) console.log("  ABC   is not installed (scripts/install-tools installs it)");
  else {
    console.log(`  ours  ${count(theirs.ours)} ANDs when exported and hashed by ABC`);
    console.log(
      `  ABC   ${count(theirs.hashed)} ANDs hashed, ${count(theirs.ands)} after &fraig -y in ${time(theirs.seconds)}`,
    );
    console.log(
      `  time  ours / ABC: cold ${(seconds[0]! / theirs.seconds).toFixed(1)}, best ${(best / theirs.seconds).toFixed(1)}`,
    );
  }
  console.log(`  peak memory so far ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`);
}

/** Every candidate of a sweep by SAT, windows off: thousands of small incremental queries. */
async function solvers(): Promise<void> {
  const { netlist } = trainedLike(SEED, { inputs: 196, layers: 5, width: 2000, duplicated: 0.18 });
  console.log(`solvers on the queries of a sweep without windows, ${count(netlist.kind.length)} gates:`);
  for (const create of [createCdclSolver, () => createLogicSolver(60_000)]) {
    const { seconds, statistics } = await sweep(netlist, create, false);
    console.log(
      `  ${create().name.padEnd(32)} ${time(seconds[0]!)}, ${count(statistics.bySat)} candidates, ${statistics.conflicts ?? "?"} conflicts`,
    );
  }
}

await compare("48k", 6, 8000);
await compare("400k", 6, 66_700);
await solvers();
