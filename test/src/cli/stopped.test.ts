import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CliResult, dbnc, dbncOnFullDisk, startDbnc } from "../../support/cli.js";
import { flowers } from "../../support/flowers.js";
import { temporaryFolder, writeIn } from "../../support/folder.js";

const RUN = "rtl-out/flowers";
const SMALL = ["--data", "flowers.csv", "--layers", "60,60", "--epochs", "4", "--bits", "5"];
const LONG = ["train", "--run", RUN, "--name", "flowers", ...SMALL, "--set", "train.minimumSteps=4000"];

function folderWithData(): string {
  const folder = temporaryFolder();
  writeIn(folder, "flowers.csv", flowers(300));
  return folder;
}

const says = (child: ReturnType<typeof startDbnc>["child"], pattern: RegExp): Promise<void> =>
  new Promise((resolve) => child.stderr!.on("data", (text) => pattern.test(String(text)) && resolve()));

/** Run a command and send it a signal once it has said something. */
async function stop(
  folder: string,
  args: readonly string[],
  when: RegExp,
  signal: NodeJS.Signals,
): Promise<CliResult> {
  const { child, done } = startDbnc(folder, args);
  await Promise.race([says(child, when), done]);
  child.kill(signal);
  return done;
}

/** What a stop must not leave behind: temporary files, work folders, the lock. */
const leftovers = (folder: string): string[] =>
  readdirSync(join(folder, RUN), { recursive: true })
    .map(String)
    .filter((file) => /\.tmp|\.work|\.lock/.test(file));

/** Going on from what is there ends with the bytes of a run that never stopped. */
async function expectResumed(folder: string): Promise<void> {
  expect((await dbnc(folder, ...LONG, "--quiet")).status).toBe(0);
  const whole = folderWithData();
  await dbnc(whole, ...LONG, "--quiet");
  const [resumed, model] = [folder, whole].map((f) => readFileSync(join(f, RUN, "model.safetensors")));
  expect(resumed!.equals(model!)).toBe(true);
}

describe("a run that is stopped", () => {
  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("%s leaves a checkpoint, and going on from it gives the same bytes", async (signal, code) => {
    const folder = folderWithData();
    const stopped = await stop(folder, LONG, /training \d/, signal);
    expect([stopped.status, stopped.stderr.includes("run the same command again")]).toEqual([code, true]);
    expect(existsSync(join(folder, RUN, "checkpoint.safetensors"))).toBe(true);
    expect(existsSync(join(folder, RUN, "model.safetensors"))).toBe(false);
    expect(leftovers(folder)).toEqual([]);
    await expectResumed(folder);
  });

  test("keeps its checkpoint when the disk is full, and goes on from it later", async () => {
    const folder = folderWithData();
    await stop(folder, LONG, /training \d/, "SIGINT");
    const checkpoint = (): Buffer => readFileSync(join(folder, RUN, "checkpoint.safetensors"));
    const before = checkpoint();
    const full = await dbncOnFullDisk(folder, 40, ...LONG);
    expect([full.status, full.stderr]).toEqual([
      1,
      expect.stringContaining("checkpoint.safetensors: expected to write"),
    ]);
    expect(checkpoint().equals(before)).toBe(true);
    expect(leftovers(folder)).toEqual([]);
    await expectResumed(folder);
  });

  test("keeps a second run out of its folder until then", async () => {
    const folder = folderWithData();
    const { child, done } = startDbnc(folder, LONG);
    await says(child, /training \d/);
    const second = await dbnc(folder, ...LONG);
    expect([second.status, second.stderr.includes("run/locked")]).toEqual([1, true]);
    child.kill("SIGINT");
    expect((await done).status).toBe(130);
  });
});

describe("a later stage that is stopped", () => {
  let folder: string;
  let whole: Record<string, { outputs: unknown }>;
  const stages = (): typeof whole =>
    JSON.parse(readFileSync(join(folder, RUN, "manifest.json"), "utf8")).stages;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "dbnc-stopped-"));
    writeIn(folder, "flowers.csv", flowers(300));
    const build = ["build", "--name", "flowers", ...SMALL, "--set", "simulate.engines=[]"];
    expect((await dbnc(folder, ...build, "--quiet")).status).toBe(0);
    whole = stages();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each([
    ["optimize", /freeze:/],
    ["emit", /emit Verilog/],
    ["simulate", /simulate/],
    ["verify", /Yosys reads/],
  ])("%s ends with 130, leaves nothing half-written, and goes on to the same bytes", async (stage, when) => {
    const command = [stage, "--run", RUN];
    const { status, stderr } = await stop(folder, [...command, "--force"], when, "SIGINT");
    expect([status, stderr.includes("stopped by SIGINT")]).toEqual([130, true]);
    expect(leftovers(folder)).toEqual([]);
    expect((await dbnc(folder, ...command, "--quiet")).status).toBe(0);
    expect(stages()[stage]!.outputs).toEqual(whole[stage]!.outputs);
  });
});
