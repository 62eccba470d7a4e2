import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Literal } from "../../../compiler/ir/literal.js";
import { lutCost, totalLuts } from "../../../compiler/map/lut-cost.js";
import { decodeModel } from "../../../compiler/model/codec.js";
import { decodeDesign } from "../../../compiler/model/design-codec.js";
import { freeze } from "../../../compiler/model/freeze.js";
import { foldReadout } from "../../../compiler/prune/readout-fold.js";
import { applySubstitutions, rewire } from "../../../compiler/prune/substitution.js";
import { sha256 } from "../../../src/flow/files.js";
import { CertificateSchema } from "../../../src/report/certificate.js";
import { ReportSchema } from "../../../src/report/schema.js";
import { circle } from "../../support/circle.js";
import { dbnc } from "../../support/cli.js";
import { temporaryFolder, writeIn } from "../../support/folder.js";
import { seeds } from "../../support/random-design.js";
import { equalOnRandom } from "../../support/same-function.js";

const SMALL = [
  "--data",
  "circle.csv",
  "--layers",
  "60,60",
  "--epochs",
  "4",
  "--set",
  "train.minimumSteps=100",
  "--bits",
  "5",
  "--set",
  "simulate.engines=[]",
];

type Read = (file: string) => Buffer;

/** The rounds that substitutions were chosen in. */
const roundsOf = (read: Read): Set<string> =>
  new Set(
    read("substitutions.csv")
      .toString()
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => line.split(",")[3]!),
  );

/** The tuned model freezes to what was pruned and trained. */
function expectModelOfDesign(read: Read): void {
  const [model, design] = [
    freeze(decodeModel(read("pruned-model.safetensors"), "model")).design,
    decodeDesign(read("pruned.safetensors"), "design"),
  ];
  expect(model.readout).toEqual(design.readout);
  expect(equalOnRandom(model.core, design.core, 1)).toBe(true);
}

test("a pruned build: budget kept, savings apart, the chain whole from model to Verilog, and back without a budget", async () => {
  const folder = temporaryFolder();
  writeIn(folder, "circle.csv", circle);
  const run = join(folder, "rtl-out", "circle");
  const read = (file: string): Buffer => readFileSync(join(run, file));
  const report = () => ReportSchema.parse(JSON.parse(read("report.json").toString()));
  const build = (...args: string[]) => dbnc(folder, "build", ...SMALL, ...args);

  expect((await build("--max-gates", "20", "--pareto", "--set", "prune.share=0.2")).status).toBe(0);
  const { pruning, pareto, gates, verification } = report();
  expect(pruning!.met).toBe(true);
  expect(pruning!.gates.before).toBe(gates!.final);
  expect(pruning!.gates.after).toBeLessThanOrEqual(20);
  expect(pruning!.gates.after).toBeGreaterThan(14);
  expect(verification).toMatchObject({ pruning: "proved", design: "proved", rtl: "proved" });
  expect(new Set(pareto!.map(({ ranking }) => ranking)).size).toBe(6);

  // The substitutions, as data, make the pruned design of the optimised one.
  const [before, after] = ["design.safetensors", "pruned.safetensors"].map((file) =>
    decodeDesign(read(file), file),
  );
  const list = read("substitutions.csv")
    .toString()
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split(",").map(Number))
    .map(([node, by, complemented]) => ({ node: node!, literal: (2 * by! + complemented!) as Literal }));
  expect(list.length).toBe(pruning!.substitutions);
  const folded = foldReadout(before!);
  const applied = applySubstitutions(folded.core, list).core;
  for (const seed of seeds(3)) {
    expect(equalOnRandom(rewire(folded.core, list), applied, seed)).toBe(true);
    expect(equalOnRandom(foldReadout({ ...folded, core: applied }).core, after!.core, seed)).toBe(true);
  }
  const model = decodeModel(read("pruned-model.safetensors"), "model");
  expect(equalOnRandom(freeze(model).design.core, after!.core, 1)).toBe(true);

  const { steps } = CertificateSchema.parse(JSON.parse(read("certificate.json").toString()));
  const names = steps.map(({ step }) => step);
  const at = names.indexOf("prune: substitutions");
  expect(at).toBeGreaterThan(names.indexOf("freeze"));
  expect(names.indexOf("design")).toBeGreaterThan(at);
  expect(steps.every(({ verdict }) => verdict === "proved")).toBe(true);
  expect(steps[names.indexOf("design")]!.right.sha256).toBe(sha256(read("pruned.safetensors")));

  // Without a budget everything is lossless again, and nothing of the pruning is left in the report.
  const { status, stdout } = await build("--until", "emit");
  expect(status).toBe(0);
  expect(stdout).toMatch(/gates saved +[\d,]+ lossless, 0 lossy/);
  expect(report()).toMatchObject({ pruning: null, pareto: null });

  // LUTs are bounded: votes go too, and what is reported is what the design that is emitted takes.
  const whole = totalLuts(lutCost(foldReadout(before!), 4));
  const bound = Math.floor(0.6 * whole);
  const trimmed = await dbnc(
    folder,
    "prune",
    "--run",
    run,
    "--max-luts",
    `${bound}`,
    "--target",
    "generic:4",
  );
  expect([trimmed.status, trimmed.stdout]).toEqual([0, expect.stringMatching(/votes .* lossless; .* lossy/)]);
  const { votes, luts, foldedLuts } = report().pruning!;
  expect([votes.before, totalLuts(foldedLuts.lut4)]).toEqual([before!.core.outputs.length, whole]);
  expect(votes.after).toBeLessThan(votes.folded);
  const emitted = decodeDesign(read("pruned.safetensors"), "design");
  expect([votes.after, luts.lut4]).toEqual([emitted.core.outputs.length, lutCost(emitted, 4)]);
  expect(totalLuts(luts.lut4)).toBeLessThanOrEqual(bound);
  const trims = read("trims.csv").toString().trim().split("\n").slice(1);
  expect(trims.length).toBeGreaterThan(0);
  expect(report().verification.pruning).toBe("proved");
  const only = await dbnc(
    folder,
    "prune",
    "--run",
    run,
    "--max-luts",
    `${bound}`,
    "--set",
    "prune.trim=false",
  );
  expect([only.status, read("trims.csv").toString()]).toEqual([0, "vote,mean,round\n"]);

  // No gates and no accuracy lost: that cannot be met, and the nearest is named.
  const impossible = ["--max-gates", "0", "--max-accuracy-drop", "0"];
  const missed = await dbnc(folder, "prune", "--run", run, ...impossible);
  expect([missed.status, missed.stderr]).toEqual([2, expect.stringContaining("the nearest: ")]);
  expect(report().pruning!.validation.after).toBeGreaterThanOrEqual(report().pruning!.validation.before);
  const unwanted = await dbnc(folder, "prune", "--run", run, "--set", "prune={}");
  expect([unwanted.status, unwanted.stderr]).toEqual([
    1,
    expect.stringContaining("expected settings that ask for it"),
  ]);
}, 240_000);

test("pruned in rounds with training after each: small enough, and the chain whole to the Verilog", async () => {
  const folder = temporaryFolder();
  writeIn(folder, "circle.csv", circle);
  const tune = "prune.tune={rounds: 2, epochs: 3, candidates: 4}";
  const { status } = await dbnc(folder, "build", ...SMALL, "--max-gates", "16", "--set", tune);
  const read = (file: string): Buffer => readFileSync(join(folder, "rtl-out", "circle", file));
  const { pruning, verification } = ReportSchema.parse(JSON.parse(read("report.json").toString()));
  expect(status).toBe(0);
  expect(pruning!.met).toBe(true);
  expect(pruning!.gates.after).toBeLessThanOrEqual(16);
  expect(verification).toMatchObject({ pruning: "proved", design: "proved", rtl: "proved" });
  expect(roundsOf(read)).toEqual(new Set(["1", "2"]));
  const steps = CertificateSchema.parse(JSON.parse(read("certificate.json").toString())).steps;
  const folds = steps.filter(({ step }) => step === "prune: readout");
  expect(folds.length).toBeGreaterThan(2);
  expect(folds.every(({ verdict }) => verdict === "proved")).toBe(true);
  expectModelOfDesign(read);
}, 240_000);

test("what votes take more after training is pruned once more", async () => {
  const folder = temporaryFolder();
  writeIn(folder, "circle.csv", circle);
  const tune = "prune.tune={rounds: 1, epochs: 0, votes: 6}";
  // A bound that the tuned votes go over: below, the second round says whether they still do.
  const bound = ["--max-luts", "65", "--target", "generic:4", "--until", "prune"];
  const { status } = await dbnc(folder, "build", ...SMALL, ...bound, "--set", tune);
  const read = (file: string): Buffer => readFileSync(join(folder, "rtl-out", "circle", file));
  const { pruning } = ReportSchema.parse(JSON.parse(read("report.json").toString()));
  expect([status, pruning!.met]).toEqual([0, true]);
  expect(totalLuts(pruning!.luts.lut4)).toBeLessThanOrEqual(65);
  expect(roundsOf(read)).toEqual(new Set(["1", "2"]));
  // That of the last round.
  expectModelOfDesign(read);
}, 60_000);
