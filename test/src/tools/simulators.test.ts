import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { type SimulatorName, simulateRtl } from "../../../src/tools/simulators.js";
import { temporaryFolder, writeIn } from "../../support/folder.js";
import { testWithTool } from "../../support/native-tool.js";

const ENDLESS = "module endless;\n  initial forever #1;\nendmodule\n";
const SILENT = "module endless;\n  initial $finish;\nendmodule\n";

describe.each(["icarus", "verilator"] as const)("a simulation in %s", (simulator: SimulatorName) => {
  const tool = testWithTool(simulator === "icarus" ? "iverilog" : "verilator");
  const run = (folder: string, text: string, seconds = 120) =>
    simulateRtl(simulator, {
      sources: [writeIn(folder, "endless.v", text)],
      top: "endless",
      vectors: "none",
      work: join(folder, "work"),
      seconds,
      signal: new AbortController().signal,
    });

  tool("that another kills has no verdict, and says so", async () => {
    const folder = temporaryFolder();
    const running = run(folder, ENDLESS);
    // The simulation, once it is compiled, has the path of its program in its arguments.
    const kill = setInterval(
      () => spawnSync("pkill", ["-KILL", "-f", `${join(folder, "work", "simulation")}.* \\+vectors`]),
      100,
    );
    try {
      expect(await running).toMatchObject({
        verdict: "stopped",
        reason: expect.stringMatching(/^killed before it ended/),
      });
    } finally {
      clearInterval(kill);
    }
  });

  tool("that the time limit ends has none either", async () => {
    const result = await run(temporaryFolder(), ENDLESS, 0.2);
    expect(result).toMatchObject({
      verdict: "stopped",
      reason: expect.stringMatching(/^stopped after 0.2 s/),
    });
  });

  tool("that ends by itself without a verdict has failed", async () => {
    expect(await run(temporaryFolder(), SILENT)).toMatchObject({ verdict: "none" });
  });
});
