import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { type SimulatorName, simulateRtl } from "../../../src/tools/simulators.js";
import { temporaryFolder, writeIn } from "../../support/folder.js";
import { testWithTool } from "../../support/native-tool.js";

const ENDLESS = "module bench;\n  initial forever #1;\nendmodule\n";
const SILENT = "module bench;\n  initial $finish;\nendmodule\n";

/** Gates that some versions of Verilator make other functions of unless they are asked not to. */
const REDUNDANT = `module redundant (input wire [95:0] x, output wire [1:0] y);
  wire n0 = ~x[11] | x[19];
  wire n1 = ~(~x[76] & ~n0);
  wire n2 = n1 ^ n0;
  assign y = {~n0 ^ n2, x[0]};
endmodule
module bench;
  reg [95:0] x;
  wire [1:0] y;
  integer i, wrong;
  redundant dut (.x(x), .y(y));
  initial begin
    wrong = 0;
    for (i = 0; i < 8; i = i + 1) begin
      x = 96'd0;
      {x[76], x[19], x[11]} = i[2:0];
      #1;
      // ~n0 ^ (n1 ^ n0) is ~n1: only where x[76] and n0 are 0.
      if (y[1] !== (i == 1)) wrong = wrong + 1;
    end
    if (wrong == 0) $display("DBNC PASS samples=8 mismatches=0");
    else $display("DBNC FAIL samples=8 mismatches=%0d reason=wrong", wrong);
    $finish;
  end
endmodule
`;

describe.each(["icarus", "verilator"] as const)("a simulation in %s", (simulator: SimulatorName) => {
  const tool = testWithTool(simulator === "icarus" ? "iverilog" : "verilator");
  const run = (folder: string, text: string, seconds = 120) =>
    simulateRtl(simulator, {
      sources: [writeIn(folder, "bench.v", text)],
      top: "bench",
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

  tool("computes gates as they are written, redundant ones too", async () => {
    expect(await run(temporaryFolder(), REDUNDANT)).toMatchObject({ verdict: "pass", mismatches: 0 });
  });

  tool("that ends by itself without a verdict has failed", async () => {
    expect(await run(temporaryFolder(), SILENT)).toMatchObject({ verdict: "none" });
  });
});
