/**
 * `npm run bench:readout [classes×bits …]`: look-up tables of readouts as Yosys counts them, ours beside the plain
 * Verilog that adds the votes with `+` and compares the sums with `>`.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { moduleNames } from "../../compiler/emit/verilog/names.js";
import { emitReadout } from "../../compiler/emit/verilog/readout.js";
import { groupSumReadout } from "../../compiler/ir/readout.js";
import { findTarget } from "../../compiler/ir/target.js";
import { plainStyle, type ReadoutStyle, readoutStyle } from "../../compiler/map/counter.js";
import { buildReadout } from "../../compiler/map/readout-circuit.js";
import { findTool } from "../../src/tools/find-tool.js";
import { plainReadout } from "./plain.js";

const TARGETS: readonly { name: string; style: ReadoutStyle; synthesis: string }[] = [
  { name: "iCE40", style: readoutStyle(findTarget("ice40:hx8k")), synthesis: "synth_ice40" },
  { name: "LUT-4", style: plainStyle(4), synthesis: "synth -lut 4" },
  { name: "LUT-6", style: plainStyle(6), synthesis: "synth -lut 6" },
  { name: "Xilinx", style: readoutStyle(findTarget("xilinx:7")), synthesis: "synth_xilinx -noiopad" },
];

/** Native Yosys where there is one: it is several times faster than the bundled one, and counts the same. */
const YOSYS = findTool("yosys") ?? resolve("node_modules/.bin/yowasp-yosys");

const STATISTICS = "stat.txt";

interface Cells {
  luts: number;
  carries: number;
}

/** LUTs and carry cells of the synthesised design, all levels of its hierarchy together. */
function synthesise(files: ReadonlyMap<string, string>, top: string, synthesis: string): Cells {
  const folder = mkdtempSync(join(tmpdir(), "dbnc-bench-"));
  try {
    for (const [name, text] of files) writeFileSync(join(folder, `${name}.v`), text);
    const sources = [...files.keys()].map((name) => `${name}.v`).join(" ");
    // Flattening after the mapping makes one table of cells and changes none of them.
    const script = `read_verilog ${sources}; ${synthesis} -top ${top}; setattr -mod -unset keep_hierarchy; flatten; tee -q -o ${STATISTICS} stat`;
    const { status, stderr } = spawnSync(YOSYS, ["-q", "-p", script], { cwd: folder, encoding: "utf8" });
    if (status !== 0) throw new Error(`yosys: ${stderr}`);
    return countCells(readFileSync(join(folder, STATISTICS), "utf8"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Both orders of the table's columns: name and count, count and (with newer versions an area and) name. */
function countCells(statistics: string): Cells {
  const cells = { luts: 0, carries: 0 };
  for (const [, before, name, after] of statistics.matchAll(
    /^\s*(?:(\d+)\s+)?(?:-\s+)?(\S+)(?:\s+(\d+))?\s*$/gm,
  )) {
    const count = Number(before ?? after ?? 0);
    if (/^(SB_LUT4|LUT[1-6]|\$lut)$/.test(name!)) cells.luts += count;
    if (/CARRY/.test(name!)) cells.carries += count;
  }
  return cells;
}

const sizes = process.argv.slice(2).map((size) => size.split(/[x×]/).map(Number) as [number, number]);
console.log(`${"readout".padEnd(12)}${"synthesis".padEnd(24)}${"plain".padStart(14)}${"ours".padStart(14)}`);
for (const [classes, bits] of sizes.length > 0
  ? sizes
  : ([
      [10, 100],
      [10, 400],
      [10, 800],
    ] as const)) {
  const readout = groupSumReadout(
    Array.from({ length: classes }, (_, c) => `${c}`),
    classes * bits,
  );
  for (const { name, style, synthesis } of TARGETS) {
    const ours = emitReadout(buildReadout(readout, style), moduleNames("bench"), []);
    const [plain, own] = [
      synthesise(new Map([["plain", plainReadout(classes, bits)]]), "plain", synthesis),
      synthesise(ours, "bench_readout", synthesis),
    ];
    const show = ({ luts, carries }: Cells): string =>
      `${luts}${carries > 0 ? ` + ${carries}` : ""}`.padStart(14);
    const perVote = (own.luts / (classes * bits)).toFixed(2);
    const saved = (100 * (1 - own.luts / plain.luts)).toFixed(0);
    console.log(
      `${`${classes} × ${bits}`.padEnd(12)}${`${name}: ${synthesis}`.padEnd(24 + 10)}${show(plain)}${show(own)}  ${perVote} LUTs a vote, ${saved}% fewer`,
    );
  }
}
console.log("LUTs + carry cells (SB_CARRY, CARRY4)");
