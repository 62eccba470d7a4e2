import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { lock } from "proper-lockfile";
import { z } from "zod";
import { UserError } from "../../base/errors.js";
import { readFileChecked, sha256File, writeFileAtomic } from "./files.js";

/** One run folder, `rtl-out/<name>/` (docs/formats/run-folder.md). All paths are relative to it, with `/`. */
export interface RunFolder {
  readonly path: string;
  read(relative: string): Uint8Array;
  readText(relative: string): string;
  write(relative: string, content: string | Uint8Array): void;
  remove(relative: string): void;
  exists(relative: string): boolean;
  /** Files of a folder, as relative paths in order of name; none when it is not there. */
  list(folder: string): string[];
  hash(relative: string): string | null;
  absolute(relative: string): string;
  /** Append one event to `log.jsonl`; the only file with wall-clock times. */
  log(event: string, details?: Readonly<Record<string, unknown>>): void;
  /** Give the lock back. */
  close(): Promise<void>;
}

/**
 * Open a run folder for one process at a time.
 *
 * @param create make the folder when it is not there.
 * @throws {UserError} if there is no such folder, or another run holds it.
 */
export async function openRunFolder(
  path: string,
  { create }: { readonly create: boolean },
): Promise<RunFolder> {
  if (!existsSync(path)) {
    if (!create) {
      throw new UserError(
        "run/missing",
        `${path}: expected a run folder but found none`,
        "dbnc build makes one; name it with --run",
      );
    }
    mkdirSync(path, { recursive: true });
  }
  const release = await takeLock(path);
  const absolute = (relative: string): string => join(path, relative);
  const hint = `the run ${basename(path)} has not come that far; run dbnc build`;
  return {
    path,
    absolute,
    read: (relative) => readFileChecked(absolute(relative), hint),
    readText: (relative) => Buffer.from(readFileChecked(absolute(relative), hint)).toString("utf8"),
    write: (relative, content) => writeFileAtomic(absolute(relative), content),
    remove: (relative) => rmSync(absolute(relative), { recursive: true, force: true }),
    exists: (relative) => existsSync(absolute(relative)),
    list: (folder) =>
      existsSync(absolute(folder))
        ? readdirSync(absolute(folder))
            .sort()
            .map((name) => `${folder}/${name}`)
        : [],
    hash: (relative) => sha256File(absolute(relative)),
    log: (event, details = {}) =>
      appendFileSync(
        absolute("log.jsonl"),
        `${JSON.stringify({ time: new Date().toISOString(), event, ...details })}\n`,
      ),
    close: release,
  };
}

/** Milliseconds between looks at a run folder that another process holds. */
const POLL = 500;

/**
 * Open a run folder that is there as soon as no other process holds it.
 *
 * @param onWait called once if it has to be waited for.
 * @throws {DOMException} `AbortError` on the signal.
 */
export async function openWhenFree(
  path: string,
  onWait: () => void,
  signal: AbortSignal,
): Promise<RunFolder> {
  for (let waited = false; ; waited = true) {
    signal.throwIfAborted();
    try {
      return await openRunFolder(path, { create: false });
    } catch (error) {
      if (!(error instanceof UserError && error.code === "run/locked")) throw error;
      if (!waited) onWait();
      await sleep(POLL, undefined, { signal });
    }
  }
}

/** Remove all that a run folder holds, if it is there, as soon as no other process is at work in it. */
export async function emptyRunFolder(path: string, onWait: () => void, signal: AbortSignal): Promise<void> {
  if (!existsSync(path)) return;
  const run = await openWhenFree(path, onWait, signal);
  for (const name of readdirSync(path)) if (name !== LOCK && name !== OWNER) run.remove(name);
  await run.close();
}

const LOCK = ".lock";
/** Who holds the lock, beside it: a lock of a process that is gone is taken over at once. */
const OWNER = ".lock-owner";

async function takeLock(path: string): Promise<() => Promise<void>> {
  const lockfilePath = join(path, LOCK);
  const take = (): Promise<() => Promise<void>> => lock(path, { lockfilePath, stale: 60_000, update: 5_000 });
  let release: () => Promise<void>;
  try {
    release = await take();
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ELOCKED")) throw error;
    if (!ownerIsGone(join(path, OWNER))) {
      throw new UserError(
        "run/locked",
        `${path}: expected a free run folder but found another dbnc at work in it`,
        "wait for it, or give this run another --name; a lock left by a crash is taken over after a minute",
      );
    }
    rmSync(lockfilePath, { recursive: true, force: true });
    release = await take();
  }
  writeOwner(join(path, OWNER));
  return async () => {
    rmSync(join(path, OWNER), { force: true });
    await release();
  };
}

/** Say that this process is at work. */
export const writeOwner = (file: string): void =>
  writeFileAtomic(file, JSON.stringify({ host: hostname(), pid: process.pid }));

/** Whether the process that wrote a file with `writeOwner` ran on this machine and is no more. */
export function ownerIsGone(file: string): boolean {
  try {
    const owner = z.object({ host: z.string(), pid: z.int() }).parse(JSON.parse(readFileSync(file, "utf8")));
    if (owner.host !== hostname()) return false;
    process.kill(owner.pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ESRCH";
  }
}
