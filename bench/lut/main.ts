/**
 * `npm run bench:lut [run folder …]`: look-up tables of trained networks by our passes and mapper, beside those by ABC's
 * scripts on the same frozen netlist. Without arguments it trains the networks that it needs.
 */
import type { Design } from "../../compiler/ir/design.js";
import { lutCount } from "../../compiler/ir/lut-netlist.js";
import { gateCount, type Netlist } from "../../compiler/ir/netlist.js";
import { expandLuts } from "../../compiler/map/expand-luts.js";
import { mapLuts } from "../../compiler/map/map-luts.js";
import { resolvePasses } from "../../compiler/passes/registry.js";
import { checkEquivalent } from "../../compiler/verify/equivalence.js";
import { createCdclSolver } from "../../sat/cdcl/solver.js";
import { ABC_SCRIPTS, type AbcScript, andCount, mapWithAbc } from "./abc.js";
import { readDesign, trainedDesigns } from "./networks.js";

const K = [4, 6] as const;
const HASHED = ["constant-propagation", "strash", "dead-gates"];

/** Our passes by pipeline, and how many sweeps the mapper then makes. */
const OURS: readonly (readonly [name: string, passes: readonly string[], sweeps: number])[] = [
  ["hashed, mapped", HASHED, 48],
  ["default, mapped", ["default"], 48],
  ["hashed, mapped with 500 sweeps", HASHED, 500],
  ["thorough, mapped with 500 sweeps", ["thorough"], 500],
];

interface Row {
  readonly name: string;
  /** XOR-AND gates; ABC has none. */
  readonly gates: number | null;
  readonly ands: number;
  readonly luts: readonly number[];
  readonly seconds: readonly number[];
  readonly verdict: string;
}

async function ours(design: Design, [name, passes, sweeps]: (typeof OURS)[number]): Promise<Row> {
  const begin = performance.now();
  let result = design;
  const context = { seed: 1, patterns: [], samples: 0, createSolver: createCdclSolver };
  for (const pass of resolvePasses(passes)) ({ design: result } = await pass.run(result, context));
  const optimised = (performance.now() - begin) / 1000;
  const mapped = K.map((k) => timed(() => mapLuts(result.core, { k, sweeps })));
  const verdicts = await Promise.all(mapped.map(({ value }) => equivalence(design.core, expandLuts(value))));
  return {
    name,
    gates: gateCount(result.core),
    ands: andCount(result.core),
    luts: mapped.map(({ value }) => lutCount(value)),
    seconds: mapped.map(({ seconds }) => optimised + seconds),
    verdict: [...new Set(verdicts)].join(", "),
  };
}

function timed<T>(work: () => T): { value: T; seconds: number } {
  const begin = performance.now();
  const value = work();
  return { value, seconds: (performance.now() - begin) / 1000 };
}

const equivalence = async (a: Netlist, b: Netlist): Promise<string> =>
  (await checkEquivalent(a, b, { createSolver: createCdclSolver, seed: 1 })).tag;

function abc(core: Netlist, script: AbcScript): Row {
  const results = K.map((k) => mapWithAbc(core, script, k));
  return {
    name: script.name,
    gates: null,
    ands: results[0]!.ands,
    luts: results.map(({ luts }) => luts),
    seconds: results.map(({ seconds }) => seconds),
    verdict: "",
  };
}

function print(side: string, { name, gates, ands, luts, seconds, verdict }: Row): void {
  const columns = [
    `  ${side.padEnd(5)}${name.padEnd(34)}`,
    `${gates ?? ""}`.padStart(7),
    `${ands}`.padStart(8),
    ...luts.map((count) => `${count}`.padStart(8)),
    ...seconds.map((s) => `${s.toFixed(2)} s`.padStart(9)),
    `  ${verdict}`,
  ];
  console.log(columns.join("").trimEnd());
}

const runs = process.argv.slice(2);
for (const [name, design] of runs.length > 0 ? runs.map((run) => readDesign(run, run)) : trainedDesigns()) {
  console.log(`\n${name}: ${gateCount(design.core)} gates before any pass`);
  console.log(`${"".padEnd(41)}  gates    ANDs   LUT-4   LUT-6  for LUT-4 and LUT-6`);
  for (const script of ABC_SCRIPTS) print("ABC", abc(design.core, script));
  for (const how of OURS) print("dbnc", await ours(design, how));
}
