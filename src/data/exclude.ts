import { UserError } from "../../base/errors.js";
import { readDataFile } from "./read-file.js";

/**
 * The training samples that a file names to be left out: CSV whose first column holds their numbers, from 0, below a line
 * of names (what `dbnc audit-labels` writes).
 *
 * @param samples how many training samples there are.
 * @throws {UserError} for anything else.
 */
export function readExcluded(path: string, samples: number): ReadonlySet<number> {
  const lines = Buffer.from(readDataFile(path)).toString("utf8").trimEnd().split(/\r?\n/);
  const excluded = new Set<number>();
  lines.forEach((line, i) => {
    const field = line.split(",")[0]!.trim();
    if (i === 0 && field === "sample") return;
    const sample = Number(field);
    if (/^\d+$/.test(field) && sample < samples) excluded.add(sample);
    else
      throw new UserError(
        "exclude/sample",
        `${path}:${i + 1}: expected the number of a training sample, 0 to ${samples - 1}, but found "${field}"`,
        "dbnc audit-labels writes such a file: a line of names, then a number in the first column of each line",
      );
  });
  return excluded;
}
