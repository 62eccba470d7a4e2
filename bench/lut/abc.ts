import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { emitAiger } from "../../compiler/emit/aiger.js";
import { namedCore } from "../../compiler/ir/named-netlist.js";
import type { Netlist } from "../../compiler/ir/netlist.js";

/** ABC's own alias, which Debian's package leaves out. */
const COMPRESS2RS = [
  "balance -l; resub -K 6 -l; rewrite -l; resub -K 6 -N 2 -l; refactor -l; resub -K 8 -l; balance -l",
  "resub -K 8 -N 2 -l; rewrite -l; resub -K 10 -l; rewrite -z -l; resub -K 10 -N 2 -l; balance -l",
  "resub -K 12 -l; refactor -z -l; resub -K 12 -N 2 -l; rewrite -z -l; balance -l",
].join("; ");
const REDUCE = `strash; &get -n; &fraig -y; &put; dc2; ${COMPRESS2RS}`;
const MAP = (k: number): string => `dch; if -K ${k} -a; mfs2 -a -L 200`;

export interface AbcScript {
  readonly name: string;
  /** To an And-Inverter graph whose ANDs are counted. */
  readonly reduce: string;
  readonly map: (k: number) => string;
}

/** From the plainest to the best that was found. */
export const ABC_SCRIPTS: readonly AbcScript[] = [
  { name: "if -a", reduce: "strash", map: (k) => `if -K ${k} -a` },
  { name: "fraig dc2 compress2rs if", reduce: REDUCE, map: (k) => `if -K ${k}` },
  { name: "fraig dc2 compress2rs if -a", reduce: REDUCE, map: (k) => `if -K ${k} -a` },
  {
    name: "… dch if -a mfs2, three times",
    reduce: REDUCE,
    map: (k) => `${MAP(k)}; strash; ${MAP(k)}; strash; ${MAP(k)}`,
  },
];

export interface AbcResult {
  readonly ands: number;
  /** LUTs of two or more inputs: wires, inverters and constants are not counted, as we don't count ours. */
  readonly luts: number;
  /** Wall clock with start-up and parsing. */
  readonly seconds: number;
}

/** Reduce and map a netlist with ABC. @throws if `berkeley-abc` is missing or gives no netlist. */
export function mapWithAbc(netlist: Netlist, { reduce, map }: AbcScript, k: number): AbcResult {
  const folder = mkdtempSync(join(tmpdir(), "dbnc-bench-"));
  try {
    writeFileSync(join(folder, "in.aig"), emitAiger(namedCore(netlist, "bench"), []));
    const commands = `read in.aig; ${reduce}; print_stats; ${map(k)}; write_blif out.blif`;
    const begin = performance.now();
    const { error, stdout } = spawnSync("berkeley-abc", ["-q", commands], { cwd: folder, encoding: "utf8" });
    if (error !== undefined) throw error;
    const seconds = (performance.now() - begin) / 1000;
    const ands = Number(/and = +(\d+)/.exec(stdout)![1]);
    const text = readFileSync(join(folder, "out.blif"), "utf8").replaceAll("\\\n", "");
    const tables = text.split("\n").filter((line) => line.startsWith(".names"));
    return { ands, luts: tables.filter((line) => line.trim().split(/\s+/).length >= 4).length, seconds };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** ANDs that a netlist has as ABC writes and hashes it. */
export const andCount = (netlist: Netlist): number => mapWithAbc(netlist, ABC_SCRIPTS[0]!, 6).ands;
