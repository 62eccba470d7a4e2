import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { junitXml, type TestCase } from "../../../src/report/junit.js";
import { testWithTool } from "../../support/native-tool.js";

const TESTS: readonly TestCase[] = [
  { group: "a", name: "seed 1", seconds: 1.25, outcome: "passed", message: "", details: "" },
  {
    group: "a",
    name: "seed 2",
    seconds: 2,
    outcome: "failure",
    message: 'x < y & "z"',
    details: "\u001b[31mred\u001b[0m ]]> \u0000 \ud800 é 😀",
  },
  { group: "b", name: "seed 1", seconds: 0, outcome: "error", message: "lost", details: "gone" },
  { group: "b", name: "seed 2", seconds: 0, outcome: "skipped", message: "not run", details: "" },
];

test("counts failures, errors and skipped apart, and tests are in groups of the suite", () => {
  const xml = junitXml("ci", TESTS);
  expect(xml).toContain('<testsuite name="ci" tests="4" failures="1" errors="1" skipped="1" time="3.3">');
  expect(xml).toContain('<testcase classname="ci.a" name="seed 1" time="1.3"/>');
  expect(xml).toContain('<error message="lost">gone</error>');
  expect(xml).toContain('<skipped message="not run"/>');
});

testWithTool("xmllint")("is well-formed whatever a log holds, and gives the text back", () => {
  const xml = junitXml("ci", TESTS);
  const ask = (query: string): string => {
    const { status, stdout, stderr } = spawnSync("xmllint", ["--xpath", query, "-"], { input: xml });
    expect([status, String(stderr)]).toEqual([0, ""]);
    return String(stdout).trimEnd();
  };
  expect(ask("string(//failure/@message)")).toBe('x < y & "z"');
  expect(ask("string(//failure)")).toBe("\ufffd[31mred\ufffd[0m ]]> \ufffd \ufffd é 😀");
});
