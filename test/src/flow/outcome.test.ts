import { expect, test } from "vitest";
import { ExitCode, UserError } from "../../../base/errors.js";
import { failureOf, outcomeOf } from "../../../src/flow/outcome.js";
import { emptyReport } from "../../../src/report/schema.js";

const broken = new UserError("tool/broke", "verilator: ended", "", ExitCode.toolMissing);

test("a tool that breaks after a refutation counts as refuted, and says both", () => {
  const report = emptyReport("x", 1);
  expect(failureOf(broken, report)).toBe(broken);
  report.verification.passes = "unknown";
  expect(outcomeOf(report).exitCode).toBe(ExitCode.unknown);
  expect(failureOf(broken, report)).toBe(broken);
  report.verification.passes = "refuted";
  expect(failureOf(broken, report)).toMatchObject({
    exitCode: ExitCode.refuted,
    message: "verilator: ended; before that: refuted: the passes",
  });
  const usage = new UserError("usage", "bad");
  expect(failureOf(usage, report)).toBe(usage);
});
