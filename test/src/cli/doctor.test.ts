import { spawnSync } from "node:child_process";
import { chmodSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { KNOWN_TOOLS } from "../../../src/tools/known-tools.js";
import { MAIN } from "../../support/cli.js";
import { temporaryFolder, writeIn } from "../../support/folder.js";
import { isInstalled } from "../../support/native-tool.js";

interface Found {
  readonly find: string;
  readonly kind: string;
  readonly status: string;
  readonly found: string | null;
}

/** Run `dbnc doctor` with only these folders on the PATH. */
function doctor(path: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const env = { ...process.env, PATH: path };
  return spawnSync(process.execPath, [MAIN, "doctor", ...args], { encoding: "utf8", env });
}

const toolsOf = (stdout: string): Found[] => (JSON.parse(stdout) as { tools: Found[] }).tools;

test("what is on the PATH is found, with its version", () => {
  const { status, stdout } = doctor(process.env["PATH"]!, "--json");
  expect(status).toBe(0);
  const tools = toolsOf(stdout);
  expect(tools.map(({ find }) => find)).toEqual(KNOWN_TOOLS.map(({ find }) => find));
  for (const { find, kind, status: found } of tools)
    if (kind === "program") expect(found === "missing", find).toBe(!isInstalled(find));
  expect(tools.find(({ find }) => find === "@yowasp/yosys")).toMatchObject({
    status: "installed",
    found: "0.55.944",
  });
});

test("nothing on the PATH is no error, and every missing tool says how to get it", () => {
  const { status, stdout } = doctor(temporaryFolder());
  expect(status).toBe(0);
  const programs = KNOWN_TOOLS.filter(({ kind }) => kind === "program");
  for (const { find, get, enables } of programs) {
    expect(stdout).toContain(`get: ${get}`);
    expect(stdout).toContain(`for: ${enables}`);
    expect(stdout.split("\n").some((line) => line.startsWith(`  ${find} `) && line.includes("missing"))).toBe(
      true,
    );
  }
});

test("a tool that was named has to be there and to run: otherwise exit code 4", () => {
  const folder = temporaryFolder();
  expect(doctor(folder, "iverilog").status).toBe(4);
  chmodSync(writeIn(folder, "iverilog", "#!/bin/sh\necho cannot load libfoo >&2\nexit 127\n"), 0o755);
  const broken = doctor(folder, "iverilog", "--json");
  expect(broken.status).toBe(4);
  expect(toolsOf(broken.stdout)).toMatchObject([{ status: "broken", found: "cannot load libfoo" }]);
  expect(doctor(folder, "@yowasp/yosys").status).toBe(0);
  const unknown = doctor(folder, "iverlog");
  expect(unknown.status).toBe(1);
  expect(unknown.stderr).toContain('did you mean "iverilog"?');
});

test("every program that dbnc calls is known to the doctor", () => {
  const called = readdirSync("src", { recursive: true })
    .filter((file) => String(file).endsWith(".ts"))
    .flatMap((file) =>
      [...readFileSync(`src/${file}`, "utf8").matchAll(/requireTool\("([^"]+)"\)/g)].map((m) => m[1]!),
    );
  expect(called.length).toBeGreaterThan(0);
  for (const program of called) expect(KNOWN_TOOLS.map(({ find }) => find)).toContain(program);
});
