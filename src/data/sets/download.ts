import { closeSync, mkdirSync, openSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { ExitCode, UserError } from "../../../base/errors.js";
import { checkFile } from "./check.js";
import type { KnownFile } from "./known-sets.js";

export interface DownloadOptions {
  readonly signal: AbortSignal;
  /** Attempts in a row that bring nothing after which it is given up. */
  readonly attempts: number;
  /** Milliseconds before an attempt follows a vain one; doubled each time. */
  readonly pause: number;
  readonly onBytes?: (done: number) => void;
}

/** What arrives before it is whole and right. */
const partOf = (path: string): string => `${path}.part`;

/**
 * Fetch one file: to a `.part` beside it, on from where an earlier attempt was cut off, and under its name only once size
 * and hash are the pinned ones.
 *
 * @throws {UserError} exit code 2: the server is out of reach, sends something else, or the disk is full (the part is kept).
 */
export async function download(
  url: string,
  path: string,
  known: KnownFile,
  options: DownloadOptions,
): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const part = partOf(path);
  let vain = 0;
  while (sizeOf(part) < known.bytes) {
    const before = sizeOf(part);
    const reason = await attempt(url, part, known, options);
    options.signal.throwIfAborted();
    if (sizeOf(part) > before) vain = 0;
    else if (++vain >= options.attempts) throw failed(url, `${known.bytes} bytes`, reason ?? "none");
    if (sizeOf(part) < known.bytes && vain > 0) await sleep(options.pause * 2 ** (vain - 1));
  }
  const state = await checkFile(part, known);
  if (state !== "right") {
    rmSync(part, { force: true });
    throw failed(url, `SHA-256 ${known.sha256}`, state === "wrong size" ? "more bytes" : "another");
  }
  renameSync(part, path);
}

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

function failed(url: string, expected: string, found: string): UserError {
  return new UserError(
    "data/fetch",
    `${url}: expected ${expected} but found ${found}`,
    "try again later, or name a mirror with --base-url",
    ExitCode.refuted,
  );
}

/** Ask for the rest once. @returns why less than all came, null if all did. @throws {UserError} for a full disk. */
async function attempt(
  url: string,
  part: string,
  known: KnownFile,
  { signal, onBytes }: DownloadOptions,
): Promise<string | null> {
  const begin = sizeOf(part);
  let response: Response;
  try {
    response = await fetch(url, { signal, headers: begin > 0 ? { range: `bytes=${begin}-` } : {} });
  } catch (error) {
    return reasonOf(error);
  }
  const resumed =
    response.status === 206 && response.headers.get("content-range")?.startsWith(`bytes ${begin}-`);
  if (!response.ok || (response.status === 206 && resumed !== true) || response.body === null) {
    await response.body?.cancel();
    // What is here is no beginning of what is there.
    if (response.status === 416) rmSync(part, { force: true });
    return `status ${response.status} ${response.statusText}`.trim();
  }
  const file = openSync(part, resumed === true ? "a" : "w");
  let size = resumed === true ? begin : 0;
  try {
    for await (const chunk of response.body) {
      writeAll(file, chunk, part);
      size += chunk.length;
      onBytes?.(size);
      if (size > known.bytes) return "more bytes";
    }
    return size < known.bytes ? `the connection cut after ${size}` : null;
  } catch (error) {
    if (error instanceof UserError) throw error;
    return `the connection cut after ${size} (${reasonOf(error)})`;
  } finally {
    closeSync(file);
  }
}

function writeAll(file: number, chunk: Uint8Array, part: string): void {
  try {
    for (let at = 0; at < chunk.length; ) at += writeSync(file, chunk, at);
  } catch (error) {
    throw new UserError(
      "file/write",
      `${part}: expected to write ${chunk.length} bytes but found: ${reasonOf(error)}`,
      "make room and run the same command again: it goes on from what is there",
      ExitCode.refuted,
    );
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
