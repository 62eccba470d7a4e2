import type { Target } from "../../../compiler/ir/target.js";
import { modelFiles } from "../../tools/synthesis-scripts.js";
import { yosysDataFile } from "../../tools/yosys-data.js";

/** A module with the attributes before it. */
const MODULE = /(?:^[ \t]*\(\*.*\*\)[ \t]*\n)*^[ \t]*module[ \t]+\\?([^\s(;#]+)[\s\S]*?\bendmodule\b.*$/gm;

/**
 * Yosys's Verilog models of some of a family's cells, what they include in place. The others are left out: those of big
 * memories take minutes to read.
 *
 * @throws {UserError} with exit code 4 if Yosys's data folder lacks the file.
 */
export async function cellModels(target: Target, cells: Iterable<string>, native: boolean): Promise<string> {
  const wanted = new Set(cells);
  // Without this, ports of iCE40's models have default values, which Verilog does not know.
  const texts = ["`define NO_ICE40_DEFAULT_ASSIGNMENTS"];
  for (const file of modelFiles(target)) {
    const folder = file.slice(0, file.lastIndexOf("/") + 1);
    const lines: string[] = [];
    for (const line of (await yosysDataFile(file, native)).split("\n")) {
      const included = /^\s*`include "(.*)"/.exec(line)?.[1];
      lines.push(included === undefined ? line : await yosysDataFile(`${folder}${included}`, native));
    }
    texts.push(...chosenModules(lines.join("\n"), wanted));
  }
  return `${texts.join("\n")}\n`;
}

/** The modules that are wanted; of what stands between modules, compiler directives alone. */
function chosenModules(text: string, wanted: ReadonlySet<string>): string[] {
  const chosen: string[] = [];
  let at = 0;
  const directives = (to: number): void => {
    chosen.push(
      ...text
        .slice(at, to)
        .split("\n")
        .filter((line) => line.startsWith("`")),
    );
  };
  for (const found of text.matchAll(MODULE)) {
    directives(found.index);
    if (wanted.has(found[1]!)) chosen.push(found[0]);
    at = found.index + found[0].length;
  }
  directives(text.length);
  return chosen;
}
