import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  isLost,
  type Launcher,
  retrying,
  type Task,
  type TaskEnd,
  TaskSchema,
} from "../../../src/flow/launch.js";
import { localLauncher } from "../../../src/flow/launch-local.js";
import { flowers } from "../../support/flowers.js";
import { temporaryFolder, writeIn } from "../../support/folder.js";

/** Training that a signal can be sent to. */
const training = (folder: string, more: Partial<Task> = {}): Task =>
  TaskSchema.parse({
    id: "t",
    args: [
      "train",
      "--run",
      join(folder, "run"),
      "--data",
      writeIn(folder, "flowers.csv", flowers(300)),
      "--layers",
      "60,30",
      "--set",
      "train.minimumSteps=3000",
    ],
    log: join(folder, "logs/t.log"),
    ...more,
  });

/** Processes that this one started, by their command lines. */
const children = (): number[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
        const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
        return parent === process.pid && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("main.js");
      } catch {
        return false;
      }
    });

/** Run one task. @param onBegin called once it is at work, every time that it is begun. */
async function run(
  launcher: Launcher,
  task: Task,
  onBegin: (time: number) => void = () => {},
): Promise<TaskEnd> {
  const ends: TaskEnd[] = [];
  let times = 0;
  const begin = (): void => {
    const time = ++times;
    const watch = setInterval(() => {
      if (!existsSync(task.log!) || !readFileSync(task.log!, "utf8").includes("train")) return;
      clearInterval(watch);
      onBegin(time);
    }, 20);
  };
  await launcher.run([task], { begin, end: (end) => void ends.push(end) }, new AbortController().signal);
  expect(ends).toHaveLength(1);
  return ends[0]!;
}

const kill = (signal: NodeJS.Signals): void => {
  for (const pid of children()) process.kill(pid, signal);
};

describe("a task on this machine", () => {
  test("ends with its exit code, its log, and the most memory that it took", async () => {
    const folder = temporaryFolder();
    const end = await run(localLauncher(1), training(folder));
    expect(end).toMatchObject({ id: "t", exitCode: 0, killer: null, stopped: null, attempts: 1 });
    expect(end.megabytes).toBeGreaterThan(30);
    expect(readFileSync(join(folder, "logs/t.log"), "utf8")).toContain("training 100%");
    expect(existsSync(join(folder, "run/model.safetensors"))).toBe(true);
  });

  test("that an outside hand killed is begun again, and says so", async () => {
    const end = await run(retrying(localLauncher(1), 1), training(temporaryFolder()), (time) => {
      if (time === 1) kill("SIGKILL");
    });
    expect(end).toMatchObject({ exitCode: 0, attempts: 2 });
  });

  test("that is killed every time is lost", async () => {
    const end = await run(retrying(localLauncher(1), 1), training(temporaryFolder()), () => kill("SIGKILL"));
    expect(end).toMatchObject({ exitCode: null, killer: "SIGKILL", attempts: 2 });
    expect([isLost(end), end.errors]).toEqual([true, expect.stringContaining("killed by SIGKILL")]);
  });

  test.each<[string, Partial<Task>]>([
    ["refused", { args: ["train", "--layers", "33"] }],
    ["crashed", {}],
  ])("that dbnc itself ended (%s) is not begun again", async (how, more) => {
    let begun = 0;
    const task = training(temporaryFolder(), more);
    const end = await run(retrying(localLauncher(1), 3), task, () => {
      begun++;
      if (how === "crashed") kill("SIGSEGV");
    });
    expect([end.attempts, isLost(end)]).toEqual([1, false]);
    expect(how === "crashed" ? end.killer : end.exitCode).toBe(how === "crashed" ? "SIGSEGV" : 1);
    expect(begun).toBeLessThanOrEqual(1);
  });

  test("past its time is stopped, leaves a checkpoint, and is not begun again", async () => {
    const folder = temporaryFolder();
    const long = training(folder);
    const args = [...long.args, "--epochs", "100000"];
    const end = await run(retrying(localLauncher(1), 3), {
      ...long,
      args,
      limits: { seconds: 2, megabytes: null },
    });
    expect(end).toMatchObject({ stopped: "time", attempts: 1 });
    expect(existsSync(join(folder, "run/checkpoint.safetensors"))).toBe(true);
  });

  test("past its memory is killed, and is not begun again", async () => {
    const long = training(temporaryFolder());
    const args = [...long.args, "--epochs", "100000"];
    const end = await run(retrying(localLauncher(1), 3), {
      ...long,
      args,
      limits: { seconds: 60, megabytes: 40 },
    });
    expect(end).toMatchObject({ stopped: "memory", exitCode: null, attempts: 1 });
    expect(end.megabytes).toBeGreaterThan(40);
  });
});
