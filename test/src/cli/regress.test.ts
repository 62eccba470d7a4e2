import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Results } from "../../../src/flow/regress/results.js";
import { type CliResult, dbnc, startDbnc } from "../../support/cli.js";
import { flowers } from "../../support/flowers.js";
import { writeIn } from "../../support/folder.js";

const SUITE = `
defaults:
  base: { data: { source: flowers.csv }, network: { layers: [60, 30] }, train: { epochs: 4, minimumSteps: 0 } }
  set: { simulate.engines: [] }
  limits: { seconds: 120, megabytes: 2000 }
cases:
  small: { seeds: [1, 2], until: optimize, expect: { accuracy: 0.3, gates: 90 } }
  whole: { expect: { accuracy: 0.3 } }
`;

let folder: string;
const regress = (...args: string[]): Promise<CliResult> => dbnc(folder, "regress", "suite.yaml", ...args);
const results = (): Results => JSON.parse(readFileSync(join(folder, "rtl-out/suite/results.json"), "utf8"));
const statuses = (): Record<string, string> =>
  Object.fromEntries(results().builds.map((b) => [`${b.case}/${b.seed}`, b.status]));
const begun = (stdout: string): string[] =>
  stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))
    .filter(({ event }) => event === "begin")
    .map(({ build }) => build)
    .sort();

/** Change the suite, or its baseline, for what follows. */
function change(file: string, from: string | RegExp, to: string): void {
  const path = join(folder, file);
  const text = readFileSync(path, "utf8");
  expect(text.replace(from, to)).not.toBe(text);
  writeFileSync(path, text.replace(from, to));
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dbnc-regress-"));
  writeIn(folder, "flowers.csv", flowers(300));
  writeIn(folder, "suite.yaml", SUITE);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("dbnc regress", () => {
  test("builds every case, passes, and takes a baseline", async () => {
    const { status, stdout, stderr } = await regress("--update-baseline");
    expect([status, stderr]).toEqual([0, expect.stringContaining("passed")]);
    expect(stdout).toMatch(/passed +small +2\/2/);
    expect(stdout).toContain("small, seed 2: accuracy new →");
    expect(statuses()).toEqual({ "small/1": "passed", "small/2": "passed", "whole/1": "passed" });
    const junit = readFileSync(join(folder, "rtl-out/suite/junit.xml"), "utf8");
    expect(junit).toContain('tests="5" failures="0" errors="0" skipped="0"');
    const report = JSON.parse(readFileSync(join(folder, "rtl-out/suite/whole-s1/report.json"), "utf8"));
    expect(report.verification).toMatchObject({ passes: "proved", design: "proved", rtl: "proved" });
  });

  test("a raised baseline fails with 2 and says where; --rerun-failed builds that case again", async () => {
    const path = join(folder, "suite.baseline.json");
    const baseline = JSON.parse(readFileSync(path, "utf8"));
    const good = readFileSync(path, "utf8");
    for (const seed of [1, 2]) baseline.cases.small.metrics.accuracy[seed] += 0.2;
    writeFileSync(path, JSON.stringify(baseline));
    const { status, stdout } = await regress("--filter", "small");
    expect(status).toBe(2);
    expect(stdout).toMatch(/failed +small +2\/2/);
    expect(stdout).toMatch(
      /small\n +worse than the baseline: accuracy: baseline [\d.]+%, found [\d.]+%, tol/,
    );
    expect(stdout).toContain("reproduce: dbnc regress suite.yaml --filter small");
    const again = await regress("--rerun-failed", "--json");
    expect([again.status, begun(again.stdout)]).toEqual([2, ["small-s1", "small-s2"]]);
    writeFileSync(path, good);
    const mended = await regress("--rerun-failed", "--json");
    expect([mended.status, begun(mended.stdout)]).toEqual([0, []]);
  });

  test("one build alone is held to the baseline of its seed", async () => {
    const { status, stdout } = await regress("--filter", "small/2", "--json");
    expect([status, begun(stdout)]).toEqual([0, ["small-s2"]]);
    expect(statuses()).toEqual({ "small/1": "passed", "small/2": "passed", "whole/1": "passed" });
  });

  test("a build that fails shows the end of its log, and the command given does the same", async () => {
    change(
      "suite.yaml",
      "cases:",
      "cases:\n  refused: { until: simulate, set: { network.layers: [60, 31] } }",
    );
    const { status, stdout } = await regress("--filter", "refused");
    expect(status).toBe(2);
    expect(stdout).toMatch(
      /refused, seed 1: failed\n +error \[[^\]]+\]: .*multiple of 3 classes but found 31\n +log:/,
    );
    expect(stdout).toContain("log: rtl-out/suite/logs/refused-s1.log");
    const command = /reproduce: dbnc (.*)/.exec(stdout)![1]!;
    const alone = await dbnc(folder, ...command.split(" "));
    expect([alone.status, alone.stderr]).toEqual([1, expect.stringContaining("but found 31")]);
  });

  test("--fail-fast stops at the first failure; --rerun-failed does what was left", async () => {
    const first = await regress("--fail-fast", "--max-parallel", "1", "--json");
    expect([first.status, begun(first.stdout)]).toEqual([2, ["refused-s1"]]);
    expect(statuses()).toEqual({
      "refused/1": "failed",
      "small/1": "not run",
      "small/2": "not run",
      "whole/1": "not run",
    });
    change("suite.yaml", "[60, 31]", "[60, 30]");
    const rest = await regress("--rerun-failed", "--json");
    expect([rest.status, begun(rest.stdout).length]).toEqual([0, 4]);
  });

  test("what no build says is unknown (3), a missing tool is 4, and failed comes before both", async () => {
    change("suite.yaml", "small: { seeds: [1, 2], until: optimize", "small: { seeds: [1, 2], until: train");
    const unknown = await regress("--filter", "small");
    expect([unknown.status, unknown.stdout]).toEqual([
      3,
      expect.stringContaining("gates: expected at most 90 but no build says"),
    ]);
    change("suite.yaml", "until: simulate, set: {", "until: simulate, set: { simulate.engines: [icarus],");
    const path = { ...process.env, PATH: "/nowhere" };
    const at = async (...filter: string[]): Promise<CliResult> =>
      startDbnc(folder, ["regress", "suite.yaml", "--filter", filter.join(",")], path).done;
    const missing = await at("refused", "small");
    expect([missing.status, missing.stdout]).toEqual([4, expect.stringMatching(/broken +refused/)]);
    change("suite.yaml", "whole: { expect: { accuracy: 0.3", "whole: { expect: { accuracy: 1.1");
    expect((await at("refused", "whole")).status).toBe(2);
  });

  test("--launcher slurm where there is none is 4", async () => {
    const { status, stderr } = await startDbnc(folder, ["regress", "suite.yaml", "--launcher", "slurm"], {
      ...process.env,
      PATH: "/nowhere",
    }).done;
    expect([status, stderr]).toEqual([4, expect.stringContaining("expected the program on the PATH")]);
  });

  test("a time limit fails the build and stops it; Ctrl-C leaves what was done", async () => {
    writeIn(
      folder,
      "long.yaml",
      "cases: { long: { base: { data: { source: flowers.csv } }, set: { network.layers: [60, 30], train.epochs: 100000 }, limits: { seconds: 2 } } }",
    );
    const late = await dbnc(folder, "regress", "long.yaml");
    expect([late.status, late.stdout]).toEqual([2, expect.stringContaining("time: expected at most 2 s")]);
    const { child, done } = startDbnc(folder, ["regress", "long.yaml", "--json"]);
    child.stdout!.on("data", (text) => {
      if (String(text).includes('"begin"')) child.kill("SIGINT");
    });
    expect((await done).status).toBe(130);
    const file = readFileSync(join(folder, "rtl-out/long/results.json"), "utf8");
    expect(JSON.parse(file)).toMatchObject({ exitCode: 3, builds: [{ case: "long", status: "not run" }] });
    expect(existsSync(join(folder, "rtl-out/long/.lock"))).toBe(false);
  });
});
