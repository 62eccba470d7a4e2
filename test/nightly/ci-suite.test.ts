import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect } from "vitest";
import type { BuildResult, Results } from "../../src/flow/regress/results.js";
import { type CliResult, dbnc, startDbnc, startProgram } from "../support/cli.js";
import { isInstalled, testWithTool } from "../support/native-tool.js";
import { DATA, real, testWithData } from "../support/real-data.js";
import { runFiles } from "../support/same-runs.js";
import { type Cluster, startCluster } from "../support/slurm.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const SUITE = "examples/suites/ci.yaml";
const BASELINE = "examples/suites/ci.baseline.json";

/** A folder like the project's, with the suite, its baseline and the data where the suite looks for it. */
let folder: string;
beforeAll(() => {
  const above = mkdtempSync(join(tmpdir(), "dbnc-ci-"));
  folder = join(above, "project");
  mkdirSync(join(folder, dirname(SUITE)), { recursive: true });
  mkdirSync(join(above, "shared"));
  symlinkSync(DATA, join(above, "shared/data"));
  for (const file of [SUITE, BASELINE]) cpSync(join(ROOT, file), join(folder, file));
});
afterAll(() => rmSync(dirname(folder), { recursive: true, force: true }));

const resultsIn = (out: string): Results =>
  JSON.parse(readFileSync(join(folder, out, "ci/results.json"), "utf8"));
const essence = ({ case: name, seed, status, reasons, metrics, exitCode }: BuildResult): object => ({
  name,
  seed,
  status,
  reasons,
  metrics,
  exitCode,
});

describe("the suite of continuous integration", () => {
  const dataTest = testWithData("mnist");
  dataTest("passes: at least six real builds, every step proved", async () => {
    const { status, stdout } = await dbnc(folder, "regress", SUITE);
    console.log(stdout);
    const { cases, builds } = resultsIn("rtl-out");
    expect([status, cases.filter((one) => one.status !== "passed")]).toEqual([0, []]);
    expect(cases.length).toBeGreaterThanOrEqual(6);
    expect(cases.flatMap(({ notes }) => notes.filter((note) => note.includes("no baseline")))).toEqual([]);
    expect(builds.every(({ exitCode }) => exitCode === 0)).toBe(true);
  });

  /** A copy of the built dbnc with a fault in it, run on two builds. */
  function withFault(file: string, from: string, to: string): Promise<CliResult> {
    const broken = mkdtempSync(join(dirname(folder), "broken-"));
    for (const name of ["dist", "package.json"])
      cpSync(join(ROOT, name), join(broken, name), { recursive: true });
    symlinkSync(join(ROOT, "node_modules"), join(broken, "node_modules"));
    const path = join(broken, "dist", file);
    const text = readFileSync(path, "utf8");
    expect(text.split(from)).toHaveLength(2);
    writeFileSync(path, text.replace(from, to));
    const main = join(broken, "dist/src/cli/main.js");
    const args = [main, "regress", SUITE, "--out", "broken-out", "--filter", "iris/1,monks-1/1"];
    return startProgram(folder, process.execPath, args).done;
  }

  dataTest("fails with 2 when a pass was made unsound, and names it", async () => {
    // Complements of outputs are lost.
    const { status, stdout } = await withFault(
      "compiler/passes/strash.js",
      "const merged = rebuild(design, HASHING);",
      `const { core, ...rest } = rebuild(design, HASHING);
       const merged = { ...rest, core: { ...core, outputs: core.outputs.map((literal) => literal & ~1) } };`,
    );
    expect(status).toBe(2);
    for (const name of ["iris", "monks-1"])
      expect(stdout).toMatch(
        new RegExp(`${name}, seed 1: failed\\n +passes: expected proved but found refuted \\(strash\\)\\n`),
      );
    expect(stdout).toContain("reproduce: dbnc build --config broken-out/ci/iris-s1/dbnc.yaml");
  });

  dataTest("fails with 2 when the emitter writes another function, and keeps the waves", async () => {
    const { status, stdout } = await withFault(
      "compiler/emit/verilog/core.js",
      "readLiteral(literal, value)",
      "readLiteral(literal ^ 1, value)",
    );
    expect(status).toBe(2);
    const { builds } = resultsIn("broken-out");
    for (const { reasons, waves } of builds) {
      expect(reasons).toEqual([
        expect.stringMatching(
          /^simulation: expected agreed but found refuted \(icarus, \d+ of \d+ samples\)/,
        ),
        expect.stringMatching(/^design = Verilog: expected proved but found refuted \(.*core/),
        expect.stringMatching(/^mismatches: expected at most 0 but found \d+/),
      ]);
      expect(waves).toHaveLength(1);
      expect(statSync(join(folder, waves[0]!)).size).toBeGreaterThan(100);
      expect(stdout).toContain(`waves: ${waves[0]}`);
    }
  });

  dataTest("fails with 2 when an accuracy of the baseline is raised, and names the case", async () => {
    const path = join(folder, BASELINE);
    const text = readFileSync(path, "utf8");
    const baseline = JSON.parse(text);
    for (const seed of [1, 2, 3]) baseline.cases.wisconsin.metrics.accuracy[seed] += 0.1;
    writeFileSync(path, JSON.stringify(baseline));
    // The builds are as they were: what passed is judged again, and only what fails is built again.
    const { status, stdout } = await dbnc(folder, "regress", SUITE, "--rerun-failed");
    writeFileSync(path, text);
    expect(status).toBe(2);
    expect(resultsIn("rtl-out").cases.filter((one) => one.status !== "passed")).toMatchObject([
      { case: "wisconsin", status: "failed" },
    ]);
    expect(stdout).toMatch(/wisconsin\n +worse than the baseline: accuracy: baseline [\d.]+%, found [\d.]+%/);
  });

  describe("on a Slurm cluster", () => {
    let cluster: Cluster;
    beforeAll(async () => {
      if (isInstalled("slurmctld")) cluster = await startCluster(6);
    });
    afterAll(() => cluster?.stop());
    const slurmTest = existsSync(real("mnist")) ? testWithTool("slurmctld") : dataTest;

    slurmTest("comes to the same results and the same bytes as here", async () => {
      const args = ["regress", SUITE, "--out", "slurm-out", "--launcher", "slurm", "--quiet"];
      const { status, stderr } = await startDbnc(folder, args, cluster.env).done;
      expect([status, stderr]).toEqual([0, ""]);
      const [here, there] = [resultsIn("rtl-out"), resultsIn("slurm-out")];
      expect(there.builds.map(essence)).toEqual(here.builds.map(essence));
      for (const { case: name, seed } of here.builds) {
        const [a, b] = ["rtl-out", "slurm-out"].map((out) =>
          runFiles(join(folder, out, "ci", `${name}-s${seed}`)),
        );
        expect(a!.size).toBeGreaterThan(10);
        expect([...b!.keys()]).toEqual([...a!.keys()]);
        for (const [file, content] of a!)
          expect(b!.get(file) === content, `${name}-s${seed}/${file}`).toBe(true);
      }
    });
  });
});
