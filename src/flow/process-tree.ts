import { readdirSync, readFileSync } from "node:fs";

/** A process and all that it started, directly or not; the process alone where the system has no /proc. */
function processTree(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const entry of entries()) {
    const parent = parentOf(entry);
    if (parent !== null) children.set(parent, [...(children.get(parent) ?? []), entry]);
  }
  const found = [root];
  for (let i = 0; i < found.length; i++) found.push(...(children.get(found[i]!) ?? []));
  return found;
}

function entries(): number[] {
  try {
    return readdirSync("/proc").map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

/** The name in the second field may hold blanks and brackets: count from its end. */
function parentOf(pid: number): number | null {
  const text = readProc(`/proc/${pid}/stat`);
  return text === null ? null : Number(text.slice(text.lastIndexOf(")") + 2).split(" ")[1]);
}

/** Resident memory of a process and of those that it started, in MB; null where the system does not tell. */
export function treeMegabytes(root: number): number | null {
  const kilobytes = processTree(root).flatMap((pid) => {
    const found = /^VmRSS:\s+(\d+) kB/m.exec(readProc(`/proc/${pid}/status`) ?? "");
    return found === null ? [] : [Number(found[1])];
  });
  return kilobytes.length === 0 ? null : kilobytes.reduce((a, b) => a + b) / 1000;
}

/** Kill a process and those that it started, at once. */
export function killTree(root: number): void {
  for (const pid of processTree(root)) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It is gone already.
    }
  }
}

/** A file of /proc; null when its process is gone. */
function readProc(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
