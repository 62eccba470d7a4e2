import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { testWithTool } from "../support/native-tool.js";

const MAIN = fileURLToPath(new URL("../../dist/bench/simulate/main.js", import.meta.url));

testWithTool("iverilog")("simulators with no common code give the same outputs, and rates", () => {
  const args = ["--gates", "600", "--samples", "512", "--contenders", "wasm,typescript,c,generated,icarus"];
  const { stdout, status } = spawnSync(process.execPath, [MAIN, ...args], { encoding: "utf8" });
  expect(status).toBe(0);
  for (const name of ["WebAssembly SIMD", "TypeScript", "C interpreter", "generated C", "Icarus"])
    expect(stdout).toMatch(new RegExp(`^  ${name}.* [0-9.e+-]+ +[0-9.e+-]+ +[0-9.e+-]+ +[0-9.e+-]+$`, "m"));
  expect(stdout).toMatch(/ms cold \(\d+ ms of processor time\)/);
});
