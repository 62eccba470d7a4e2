import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { type CliResult, dbnc, MAIN, startDbnc } from "../../support/cli.js";
import { temporaryFolder, writeIn } from "../../support/folder.js";

/** Milliseconds for a sweep and its resumption, with the minute after which a lock left by a kill is taken over. */
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const TINY = `
base: { network: { layers: [60, 30], locality: null } }
grid: { network.candidates: [2, 4], train.learningRate: [0.1] }
seeds: [1, 2]
budget: [1, 2]
`;

type Line = Record<string, unknown>;
const lines = (stdout: string): Line[] =>
  stdout
    .trim()
    .split("\n")
    .map((text) => JSON.parse(text) as Line);
const ended = (stdout: string): Line[] => lines(stdout).filter(({ event }) => event === "run-end");

/** `sweep.csv` without the seconds. */
const csv = (folder: string): string[][] =>
  readFileSync(join(folder, "rtl-out/tiny/sweep.csv"), "utf8")
    .trim()
    .split("\n")
    .map((line) => line.split(",").filter((_, i) => i !== 8));

/** Start a sweep and call `act` with the child process when an event line matches. */
async function interrupted(
  folder: string,
  when: (line: Line) => boolean,
  signal: NodeJS.Signals,
): Promise<CliResult> {
  const { child, done } = startDbnc(folder, ["sweep", "tiny.yaml", "--json", "--max-parallel", "2"]);
  let text = "";
  let sent = false;
  child.stdout!.on("data", (chunk) => {
    text += chunk;
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    if (sent || whole === "" || !lines(whole).some(when)) return;
    sent = true;
    child.kill(signal);
  });
  return done;
}

test("a build stops, leaving a checkpoint, when the sweep that started it is gone", async () => {
  const folder = temporaryFolder();
  const args = [MAIN, "build", "--epochs", "1000", "--until", "train", "--name", "orphan"];
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ["ignore", "ignore", "pipe", "ipc"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  child.stderr!.on("data", (text) => {
    if (String(text).includes("training") && child.connected) child.disconnect();
  });
  expect(await ended).toBe(143);
  expect(existsSync(join(folder, "rtl-out/orphan/checkpoint.safetensors"))).toBe(true);
});

describe("a sweep", () => {
  let folder: string;
  let first: CliResult;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "dbnc-sweep-"));
    writeIn(folder, "tiny.yaml", TINY);
    first = await dbnc(folder, "sweep", "tiny.yaml", "--json");
  });

  test("trains every point with every seed, and the better half for longer", () => {
    expect(first.status, first.stderr).toBe(0);
    const runs = ended(first.stdout);
    expect(runs.filter(({ epochs }) => epochs === 1)).toHaveLength(4);
    expect(runs.filter(({ epochs }) => epochs === 2)).toHaveLength(2);
    expect(runs.at(-1)).toMatchObject({ done: 8, total: 8, reused: false, failure: null });
    const mean = (candidates: number): number => {
      const own = runs.filter(
        ({ epochs, settings }) => epochs === 1 && (settings as Line)["network.candidates"] === candidates,
      );
      return own.reduce((sum, { validation }) => sum + (validation as number) / own.length, 0);
    };
    const results = lines(first.stdout).filter(({ event }) => event === "result");
    expect(results).toHaveLength(2);
    expect(results[0]).toMatchObject({ rank: 1, epochs: 2, seeds: 2, front: true });
    const better = mean(2) > mean(4) ? 2 : 4;
    expect((results[0]!["settings"] as Line)["network.candidates"]).toBe(better);
    expect(first.stdout).not.toContain("test");
  });

  test("leaves ordinary run folders, the table and the plot", async () => {
    const runs = readdirSync(join(folder, "rtl-out/tiny")).filter(
      (name) => name.startsWith("p") && !name.endsWith(".svg"),
    );
    expect(runs).toHaveLength(6);
    expect(csv(folder)).toHaveLength(1 + 2 + 2);
    expect(readFileSync(join(folder, "rtl-out/tiny/pareto.svg"), "utf8")).toContain("<circle");
    const report = JSON.parse(readFileSync(join(folder, "rtl-out/tiny", runs[0]!, "report.json"), "utf8"));
    expect(report.gates.final).toBeGreaterThan(0);
    const again = await dbnc(folder, "optimize", "--run", join("rtl-out/tiny", runs[0]!));
    expect(again.stderr).toContain("results reused");
  });

  test("run again, it reuses everything, and shows test accuracy of the best alone when asked", async () => {
    const before = csv(folder);
    const again = await dbnc(folder, "sweep", "tiny.yaml", "--json", "--final");
    expect(ended(again.stdout).every(({ reused }) => reused === true)).toBe(true);
    expect(csv(folder)).toEqual(before);
    const results = lines(again.stdout).filter(({ event }) => event === "result");
    expect(results.map((line) => "test" in line)).toEqual([true, false]);
    const table = await dbnc(folder, "sweep", "tiny.yaml", "--final", results[1]!["point"] as string);
    expect(table.stdout).toMatch(/test\n/);
    expect(table.stdout.split("\n").filter((line) => line.endsWith("%"))).toHaveLength(1);
    const unknown = await dbnc(folder, "sweep", "tiny.yaml", "--final", "p0");
    expect([unknown.status, unknown.stderr]).toEqual([1, expect.stringContaining('found "p0"')]);
  });

  test.each(["SIGKILL", "SIGINT"] as const)(
    "stopped by %s, it goes on and comes to the same",
    async (signal) => {
      const other = temporaryFolder();
      writeIn(other, "tiny.yaml", TINY);
      let ends = 0;
      const stopped = await interrupted(
        other,
        ({ event }) => {
          if (event === "run-end") ends++;
          return event === "run-begin" && ends > 0;
        },
        signal,
      );
      expect(stopped.status).toBe(signal === "SIGKILL" ? null : 130);
      const done = ended(stopped.stdout).length;
      expect(done).toBeGreaterThan(0);
      expect(done).toBeLessThan(6);
      const resumed = await dbnc(other, "sweep", "tiny.yaml", "--json");
      expect(resumed.status, resumed.stderr).toBe(0);
      expect(ended(resumed.stdout).filter(({ reused }) => reused === true).length).toBeGreaterThanOrEqual(
        done,
      );
      expect(csv(other)).toEqual(csv(folder));
    },
  );

  test("a run that fails is named with its reason, the others count, and the exit code says so", async () => {
    const other = temporaryFolder();
    writeIn(
      other,
      "tiny.yaml",
      "grid: { network.layers: [[60, 30], [60, 33]] }\nbudget: [1]\nbase: { network: { candidates: 2 } }\n",
    );
    const result = await dbnc(other, "sweep", "tiny.yaml");
    expect(result.status).toBe(1);
    expect(result.stdout).toMatch(/1\* +p\w+ +\[60,30\]/);
    expect(result.stdout).toMatch(
      /2 +p\w+ +\[60,33\] +1 +failed +seed 1: .*multiple of 10 classes but found 33/,
    );
  });
});
