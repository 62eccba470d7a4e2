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

/** Name and commands, from the plainest to the best that was found. */
export const ABC_SCRIPTS: readonly (readonly [name: string, commands: (k: number) => string])[] = [
  ["if -a", (k) => `strash; if -K ${k} -a`],
  ["fraig dc2 compress2rs if", (k) => `${REDUCE}; if -K ${k}`],
  ["fraig dc2 compress2rs if -a", (k) => `${REDUCE}; if -K ${k} -a`],
  ["… dch if -a mfs2, three times", (k) => `${REDUCE}; ${MAP(k)}; strash; ${MAP(k)}; strash; ${MAP(k)}`],
];

export interface AbcResult {
  /** LUTs of two or more inputs: wires, inverters and constants are not counted, as we don't count ours. */
  readonly luts: number;
  /** Wall clock with start-up and parsing. */
  readonly seconds: number;
}

/** Map a netlist with ABC. @throws if `berkeley-abc` is missing or gives no netlist. */
export function mapWithAbc(netlist: Netlist, commands: string): AbcResult {
  const folder = mkdtempSync(join(tmpdir(), "dbnc-bench-"));
  try {
    writeFileSync(join(folder, "in.aig"), emitAiger(namedCore(netlist, "bench"), []));
    const begin = performance.now();
    const { error } = spawnSync("berkeley-abc", ["-q", `read in.aig; ${commands}; write_blif out.blif`], {
      cwd: folder,
    });
    if (error !== undefined) throw error;
    const seconds = (performance.now() - begin) / 1000;
    const text = readFileSync(join(folder, "out.blif"), "utf8").replaceAll("\\\n", "");
    const tables = text.split("\n").filter((line) => line.startsWith(".names"));
    return { luts: tables.filter((line) => line.trim().split(/\s+/).length >= 4).length, seconds };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
