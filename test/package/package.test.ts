import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { flowers } from "../support/flowers.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "dbnc-package-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const npm = (cwd: string, ...args: string[]): string =>
  execFileSync("npm", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

type Locked = Readonly<Record<string, unknown>>;

/**
 * Pack the project, and install it in an empty folder from npm's cache, which `npm ci` has filled: with the project's own
 * lock, so that nothing is asked of a registry.
 */
beforeAll(() => {
  const packed = JSON.parse(
    npm(ROOT, "pack", "--ignore-scripts", "--json", "--pack-destination", folder),
  ) as [{ filename: string; integrity: string }];
  const [{ filename, integrity }] = packed;
  const { bin, dependencies: needs } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as Record<
    string,
    Locked
  >;
  const lock = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")) as {
    packages: Record<string, Locked>;
  };
  const needed = Object.entries(lock.packages).filter(
    ([path, entry]) =>
      path !== "" && !["dev", "optional", "devOptional", "peer"].some((kind) => entry[kind] === true),
  );
  const dependencies = { dbnc: `file:${filename}` };
  const dbnc = { version: "0.1.0", resolved: dependencies.dbnc, integrity, dependencies: needs, bin };
  const root = { name: "empty", version: "1.0.0", private: true, type: "module", dependencies };
  writeFileSync(join(folder, "package.json"), JSON.stringify(root));
  writeFileSync(
    join(folder, "package-lock.json"),
    JSON.stringify({
      ...root,
      lockfileVersion: 3,
      requires: true,
      packages: { "": root, "node_modules/dbnc": dbnc, ...Object.fromEntries(needed) },
    }),
  );
  npm(folder, "ci", "--offline", "--no-audit", "--no-fund");
  writeFileSync(join(folder, "flowers.csv"), flowers(300));
});

/** The examples of docs/library.md, in order. */
const EXAMPLES = [
  ...readFileSync(join(ROOT, "docs/library.md"), "utf8").matchAll(/```js\n([\s\S]*?)```/g),
].map((block) => block[1]!);
const EXPECTED = [
  /^train\n[\s\S]*\noptimize\n[\s\S]*rtl-out\/flowers (1|0\.9\d*) proved 0\n$/,
  /^config\/value settings: network\.layers: .*\n$/,
  /^\d+ gates, \d+ levels\n(5\d|60) of 60 right\n$/,
  /^constant-propagation: proved.*\n\d+ gates before, \d+ after\nproved\nrefuted \[.*\]\n\d+ lines of BLIF\n$/,
];

test("every example of docs/library.md runs from the installed package", () => {
  expect(EXAMPLES).toHaveLength(EXPECTED.length);
  EXAMPLES.forEach((code, i) => {
    writeFileSync(join(folder, `example${i}.js`), code);
    const { stdout, stderr, status } = spawnSync(process.execPath, [`example${i}.js`], {
      cwd: folder,
      encoding: "utf8",
    });
    expect(status, stderr).toBe(0);
    expect(stdout).toMatch(EXPECTED[i]!);
  });
});

test("the command is there, and works without the source tree", () => {
  const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };
  const run = (...args: string[]): string =>
    execFileSync(join(folder, "node_modules/.bin/dbnc"), args, { cwd: folder, encoding: "utf8" });
  expect(run("--version")).toBe(`${version}\n`);
  const small = [
    "--layers",
    "100",
    "--epochs",
    "1",
    "--set",
    "train.minimumSteps=30",
    "--set",
    "simulate.engines=[]",
  ];
  const report = JSON.parse(run("build", ...small, "--json", "--quiet")) as { verification: { rtl: string } };
  expect(report.verification.rtl).toBe("proved");
  expect(readFileSync(join(folder, "rtl-out/demo/report.html"), "utf8")).toContain("<h1>demo</h1>");
});

test("the types are those that the examples need, strictly checked", () => {
  const own = join(ROOT, "node_modules");
  mkdirSync(join(folder, "types"));
  writeFileSync(
    join(folder, "types/use.ts"),
    `import { build, type Design, equivalent, HASHING, Netlist, NetlistBuilder, optimise, type Settings } from "dbnc";
const settings: Settings = { network: { layers: [60] } };
export const accuracy: Promise<number | undefined> = build(settings).then(({ report }) => report.accuracy?.test);
const builder = new NetlistBuilder(2, HASHING);
const both: Netlist = builder.finish([builder.and(builder.input(0), builder.input(1))]);
export const gates: number = Netlist.gates(both);
export const core = ({ core: found }: Design): Netlist => found;
export const verdict: Promise<"proved" | "refuted" | "unknown"> = optimise(both)
  .then(({ netlist }) => equivalent(both, netlist))
  .then(({ tag }) => tag);
// @ts-expect-error a layer has a number of gates
export const wrong: Settings = { network: { layers: ["many"] } };
`,
  );
  const options = ["--noEmit", "--strict", "--target", "es2023", "--module", "nodenext", "--types", "node"];
  const args = [join(own, ".bin/tsc"), ...options, "--typeRoots", join(own, "@types"), "types/use.ts"];
  const { stdout, status } = spawnSync(args[0]!, args.slice(1), { cwd: folder, encoding: "utf8" });
  expect(stdout).toBe("");
  expect(status).toBe(0);
});

test("nothing is packed that is not needed", () => {
  const files = execFileSync("find", [join(folder, "node_modules/dbnc"), "-type", "f"], {
    encoding: "utf8",
  }).split("\n");
  const odd = files.filter((file) =>
    /\/(test|bench|shared|rtl-out|node_modules\/dbnc\/node_modules)\//.test(file),
  );
  expect(odd).toEqual([]);
});
