import { readdirSync, readFileSync } from "node:fs";

/** A process of this machine (Linux). */
export interface Process {
  readonly pid: number;
  readonly parent: number;
  /** Its arguments, with blanks between. */
  readonly command: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Processes that this user may look at and that are not zombies. */
export function processes(): Process[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const read = (file: string): string => readFileSync(`/proc/${name}/${file}`, "utf8");
        const stat = read("stat");
        // The name in the second field may hold blanks and brackets.
        const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
        const variables = read("environ").split("\0");
        const environment = Object.fromEntries(variables.map((text) => text.split(/=(.*)/s).slice(0, 2)));
        return [{ pid: Number(name), parent, command: read("cmdline").replaceAll("\0", " "), environment }];
      } catch {
        return [];
      }
    });
}
