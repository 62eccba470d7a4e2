import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { Random } from "../../../../base/random.js";
import { checkSet } from "../../../../src/data/sets/check.js";
import { type FetchOptions, fetchSet } from "../../../../src/data/sets/fetch.js";
import {
  KNOWN_SETS,
  type KnownFile,
  type KnownSet,
  usedFiles,
} from "../../../../src/data/sets/known-sets.js";
import { untar } from "../../../../src/data/sets/untar.js";
import { sha256 } from "../../../../src/flow/files.js";
import { dbnc, dbncOnFullDisk } from "../../../support/cli.js";
import { temporaryFolder } from "../../../support/folder.js";
import { real, testWithData } from "../../../support/real-data.js";

/** What a server does with the n-th request for a file (from 0). */
type Behaviour = (n: number, request: IncomingMessage, response: ServerResponse, whole: Buffer) => void;

/** A real HTTP server that holds `/<folder>/<file>`; ranges are served, requests counted. */
async function serve(files: Readonly<Record<string, Buffer>>, behave: Behaviour = honest) {
  const requests: { path: string; range: string | undefined }[] = [];
  const server = createServer((request, response) => {
    const path = request.url!;
    const n = requests.filter((earlier) => earlier.path === path).length;
    requests.push({ path, range: request.headers.range });
    const whole = files[path];
    if (whole === undefined) response.writeHead(404).end();
    else behave(n, request, response, whole);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

const honest: Behaviour = (_n, request, response, whole) => {
  const begin = Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
  if (request.headers.range === undefined)
    response.writeHead(200, { "content-length": whole.length }).end(whole);
  else
    response
      .writeHead(206, { "content-range": `bytes ${begin}-${whole.length - 1}/${whole.length}` })
      .end(whole.subarray(begin));
};

/** Sends some bytes of what was asked for and then hangs up. */
const cutAfter =
  (bytes: number): Behaviour =>
  (n, request, response, whole) => {
    const begin = Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
    const head = { "content-range": `bytes ${begin}-${whole.length - 1}/${whole.length}` };
    response.writeHead(begin > 0 ? 206 : 200, begin > 0 ? head : { "content-length": whole.length });
    response.write(whole.subarray(begin, begin + bytes), () => response.destroy());
    if (n > 50) throw new Error("asked too often");
  };

function randomBytes(length: number): Buffer {
  const random = new Random(7);
  return Buffer.from(Uint8Array.from({ length }, () => random.below(256)));
}

const known = (name: string, bytes: Buffer): KnownFile => ({
  name,
  bytes: bytes.length,
  sha256: sha256(bytes),
});
const setOf = (files: readonly KnownFile[], unpacked?: readonly KnownFile[]): KnownSet => ({
  name: "set",
  about: "a set",
  folder: "set",
  url: "http://127.0.0.1:9",
  licence: "none",
  files,
  ...(unpacked === undefined ? {} : { unpacked }),
});

const optionsOf = (
  folder: string,
  baseUrl: string | null,
  more: Partial<FetchOptions> = {},
): FetchOptions => ({
  folder,
  baseUrl,
  force: false,
  attempts: 3,
  pause: 1,
  signal: new AbortController().signal,
  onBytes: () => {},
  onFile: () => {},
  ...more,
});

describe("fetching a file", () => {
  const body = randomBytes(300_000);
  const set = setOf([known("a.bin", body)]);
  const at = (folder: string): string => join(folder, "set/a.bin");

  test("brings it, once", async () => {
    const [folder, server] = [temporaryFolder(), await serve({ "/set/a.bin": body })];
    const news: string[] = [];
    const options = optionsOf(folder, `${server.url}/`, { onFile: (_path, what) => news.push(what) });
    await fetchSet(set, options);
    await fetchSet(set, options);
    expect(readFileSync(at(folder)).equals(body)).toBe(true);
    expect(news).toEqual(["fetched", "there already"]);
    expect(server.requests).toHaveLength(1);
    expect(await checkSet(set, folder)).toMatchObject([{ state: "right" }]);
  });

  test("goes on where a cut connection stopped, however often", async () => {
    const [folder, server] = [temporaryFolder(), await serve({ "/set/a.bin": body }, cutAfter(70_000))];
    await fetchSet(set, optionsOf(folder, server.url));
    expect(readFileSync(at(folder)).equals(body)).toBe(true);
    const begins = server.requests.map(({ range }) => Number(range?.slice(6, -1) ?? 0));
    expect(begins.length).toBeGreaterThan(2);
    expect(begins).toEqual([...new Set(begins)].sort((a, b) => a - b));
  });

  test("begins again when the server knows no ranges", async () => {
    const behave: Behaviour = (n, request, response, whole) =>
      n === 0
        ? cutAfter(1000)(n, request, response, whole)
        : void response.writeHead(200, { "content-length": whole.length }).end(whole);
    const [folder, server] = [temporaryFolder(), await serve({ "/set/a.bin": body }, behave)];
    await fetchSet(set, optionsOf(folder, server.url));
    expect(readFileSync(at(folder)).equals(body)).toBe(true);
    expect(server.requests.map(({ range }) => range)).toEqual([undefined, "bytes=1000-"]);
  });

  test.each([
    ["another file of the same size", randomBytes(300_001).subarray(1), "SHA-256"],
    ["a longer file", Buffer.concat([body, body]), "SHA-256"],
    ["an error page for ever", null, "status 503"],
  ])("refuses %s and keeps nothing under the file's name", async (_what, sent, complaint) => {
    const behave: Behaviour = (_n, _request, response) =>
      void (sent === null ? response.writeHead(503).end("busy") : response.writeHead(200).end(sent));
    const [folder, server] = [temporaryFolder(), await serve({ "/set/a.bin": body }, behave)];
    await expect(fetchSet(set, optionsOf(folder, server.url))).rejects.toThrow(complaint);
    expect(existsSync(at(folder))).toBe(false);
    // What is wrong is not gone on from: from an honest server it then comes.
    await fetchSet(set, optionsOf(folder, (await serve({ "/set/a.bin": body })).url));
    expect(readFileSync(at(folder)).equals(body)).toBe(true);
  });

  test("gives up after vain attempts, and says why", async () => {
    const folder = temporaryFolder();
    await expect(fetchSet(set, optionsOf(folder, null))).rejects.toThrow(
      /fetch failed|ECONNREFUSED|bad port/,
    );
    const server = await serve({});
    await expect(fetchSet(set, optionsOf(folder, server.url))).rejects.toThrow("status 404");
    expect(server.requests).toHaveLength(3);
  });

  test("a wrong file that is there is not touched, unless forced", async () => {
    const [folder, server] = [temporaryFolder(), await serve({ "/set/a.bin": body })];
    mkdirSync(join(folder, "set"));
    writeFileSync(at(folder), "mine");
    await expect(fetchSet(set, optionsOf(folder, server.url))).rejects.toThrow("of the wrong size");
    expect(readFileSync(at(folder), "utf8")).toBe("mine");
    await fetchSet(set, optionsOf(folder, server.url, { force: true }));
    expect(readFileSync(at(folder)).equals(body)).toBe(true);
  });
});

test("an archive is unpacked and removed; a damaged one is refused", async () => {
  const folder = temporaryFolder();
  const [one, two] = [randomBytes(1500), randomBytes(512)];
  const inner = join(folder, "batches");
  mkdirSync(inner);
  writeFileSync(join(inner, "one.bin"), one);
  writeFileSync(join(inner, "two.bin"), two);
  execFileSync("tar", ["czf", "a.tar.gz", "batches"], { cwd: folder });
  const packed = readFileSync(join(folder, "a.tar.gz"));
  const set = setOf([known("a.tar.gz", packed)], [known("one.bin", one), known("two.bin", two)]);
  const server = await serve({ "/set/a.tar.gz": packed });
  await fetchSet(set, optionsOf(folder, server.url));
  expect(readFileSync(join(folder, "set/one.bin")).equals(one)).toBe(true);
  expect(existsSync(join(folder, "set/a.tar.gz"))).toBe(false);
  expect((await checkSet(set, folder)).every(({ state }) => state === "right")).toBe(true);
  expect(() => untar(packed.subarray(0, packed.length - 20), "x")).toThrow("tar archive");
  expect(() => untar(randomBytes(600), "x")).toThrow("tar archive");
});

test("known sets: names, hashes and places are told apart", () => {
  const places = KNOWN_SETS.flatMap((set) => usedFiles(set).map(({ name }) => `${set.folder}/${name}`));
  expect(new Set(places).size).toBe(places.length);
  expect(new Set(KNOWN_SETS.map(({ name }) => name)).size).toBe(KNOWN_SETS.length);
  for (const { bytes, sha256: hash } of KNOWN_SETS.flatMap(({ files }) => files)) {
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(bytes).toBeGreaterThan(0);
  }
});

testWithData("mnist")("the real files that are here are the known ones", async () => {
  for (const name of ["mnist", "iris", "monks-1", "monks-2", "monks-3", "breast-cancer", "wdbc"]) {
    const found = await checkSet(KNOWN_SETS.find((set) => set.name === name)!, real("."));
    expect(found.map(({ state }) => state)).toEqual(found.map(() => "right"));
  }
});

describe("the command", () => {
  testWithData("uci/monks-1.train")(
    "fetches from a mirror, and on a full disk keeps what it has",
    async () => {
      const folder = temporaryFolder();
      const files = Object.fromEntries(
        ["monks-1.train", "monks-1.test"].map((name) => [`/uci/${name}`, readFileSync(real(`uci/${name}`))]),
      );
      const server = await serve(files);
      const args = ["data", "fetch", "monks-1", "--base-url", server.url];
      const full = await dbncOnFullDisk(folder, 2, ...args);
      expect(full.status).toBe(2);
      expect(full.stderr).toContain("expected to write");
      expect(statSync(join(folder, "data/uci/monks-1.train.part")).size).toBe(2048);
      expect((await dbnc(folder, "data", "check", "monks-1")).status).toBe(2);
      expect((await dbnc(folder, ...args)).status).toBe(0);
      expect(server.requests.find(({ range }) => range === "bytes=2048-")).toBeDefined();
      const checked = await dbnc(folder, "data", "check", "monks-1", "--json");
      expect(checked.status).toBe(0);
      expect((JSON.parse(checked.stdout) as { state: string }[]).map(({ state }) => state)).toEqual([
        "right",
        "right",
      ]);
      expect((await dbnc(folder, "data", "list")).stdout).toMatch(/^monks-1 +here /m);
    },
  );

  test("wants known actions and names", async () => {
    const folder = temporaryFolder();
    for (const [args, hint] of [
      [["data", "fetsh", "mnist"], "Allowed choices are list, check, fetch"],
      [["data", "fetch", "mnits"], 'did you mean "mnist"?'],
      [["data", "fetch"], "dbnc data list shows them"],
    ] as const) {
      const { status, stderr } = await dbnc(folder, ...args);
      expect(status).toBe(1);
      expect(stderr).toContain(hint);
    }
  });
});
