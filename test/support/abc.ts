import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { emitAiger } from "../../compiler/emit/aiger.js";
import { namedCore } from "../../compiler/ir/named-netlist.js";
import type { Netlist } from "../../compiler/ir/netlist.js";

/** Run ABC's commands in a folder; gives what it prints. */
export function abc(folder: string, commands: string): string {
  const { stdout, stderr } = spawnSync("berkeley-abc", ["-q", commands], { cwd: folder, encoding: "utf8" });
  return `${stdout}${stderr}`;
}

/** What ABC's `cec` says about pairs of netlists, in one process. */
export function cecVerdicts(
  folder: string,
  pairs: readonly (readonly [Netlist, Netlist])[],
): ("proved" | "refuted" | "unknown")[] {
  const file = (k: number, side: number): string => `${k}-${side}.aig`;
  pairs.forEach((pair, k) => {
    for (const side of [0, 1] as const)
      writeFileSync(join(folder, file(k, side)), emitAiger(namedCore(pair[side], "dut"), []));
  });
  const commands = pairs.map((_, k) => `echo @${k}; cec ${file(k, 0)} ${file(k, 1)}`).join("; ");
  const answers = abc(folder, commands).split(/@\d+/).slice(1);
  return answers.map((text) => {
    if (text.includes("NOT EQUIVALENT")) return "refuted";
    return text.includes("Networks are equivalent") ? "proved" : "unknown";
  });
}
