import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Report, withoutSeconds } from "../../src/report/schema.js";

/** Every file of a run folder with its content, but for times: `log.jsonl`, and the seconds of `report.json`. */
export function runFiles(folder: string): Map<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== "log.jsonl")
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return new Map(
    files.map((file) => {
      const text = readFileSync(file, "latin1");
      const content = file.endsWith("/report.json")
        ? JSON.stringify(withoutSeconds(JSON.parse(text) as Report))
        : text;
      return [file.slice(folder.length + 1), content];
    }),
  );
}
