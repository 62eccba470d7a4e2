import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { decodeModel } from "../../../compiler/model/codec.js";
import { decodeDesign } from "../../../compiler/model/design-codec.js";
import { freeze } from "../../../compiler/model/freeze.js";
import { PIPELINES } from "../../../compiler/passes/registry.js";
import { readDimacs } from "../../../sat/dimacs.js";
import { sha256 } from "../../../src/flow/files.js";
import { type Certificate, CertificateSchema } from "../../../src/report/certificate.js";
import { cecVerdicts } from "../../support/abc.js";
import { circle } from "../../support/circle.js";
import { dbnc } from "../../support/cli.js";
import { checkDrat } from "../../support/drat-checker.js";
import { temporaryFolder, writeIn } from "../../support/folder.js";
import { isInstalled } from "../../support/native-tool.js";

const PASSES = PIPELINES["default"]!;

const OPTIONS = ["--layers", "60,60", "--epochs", "4", "--set", "train.minimumSteps=100", "--bits", "5"];

test("certificate.json names every step, its hashes are those of the files, and its proofs check", async () => {
  const folder = temporaryFolder();
  writeIn(folder, "circle.csv", circle);
  const { status } = await dbnc(folder, "build", "--data", "circle.csv", ...OPTIONS, "--proof");
  expect(status).toBe(0);
  const run = join(folder, "rtl-out", "circle");
  const read = (file: string): Buffer => readFileSync(join(run, file));
  const certificate = (): Certificate =>
    CertificateSchema.parse(JSON.parse(read("certificate.json").toString()));
  const { steps } = certificate();
  expect(steps.map(({ step, verdict }) => [step, verdict])).toEqual(
    [
      "freeze",
      ...PASSES.map((name, k) => `pass ${k + 1}: ${name}`),
      "design",
      "Verilog: top",
      "Verilog: encoder",
      "Verilog: core",
      "Verilog: cells",
      "Verilog: readout",
    ].map((step) => [step, "proved"]),
  );

  const onDisk = (file: string): string => sha256(read(file));
  // Each pass begins with what the one before left; the ends are the files.
  expect(steps[0]!.left).toEqual({ what: "model.safetensors", sha256: onDisk("model.safetensors") });
  for (let k = 1; k <= PASSES.length; k++) expect(steps[k]!.left.sha256).toBe(steps[k - 1]!.right.sha256);
  expect(steps[PASSES.length]!.right.sha256).toBe(onDisk("design.safetensors"));
  expect(steps[PASSES.length + 1]!.right).toEqual({
    what: "design.safetensors",
    sha256: onDisk("design.safetensors"),
  });
  const manifest = JSON.parse(read("manifest.json").toString());
  const rtl = Object.keys(manifest.outputs).filter((file) => file.startsWith("rtl/") && file.endsWith(".v"));
  const listing = rtl.sort().map((file) => `${onDisk(file)}  ${file}\n`);
  expect(steps[PASSES.length + 2]!.right.sha256).toBe(sha256(listing.join("")));

  if (isInstalled("berkeley-abc")) {
    const { design: frozen } = freeze(decodeModel(read("model.safetensors"), "model"));
    const { core } = decodeDesign(read("design.safetensors"), "design");
    expect(cecVerdicts(folder, [[frozen.core, core]])).toEqual(["proved"]);
  }

  const proofs = steps.flatMap((step) => step.proofs);
  expect(proofs.length).toBeGreaterThanOrEqual(8);
  for (const { formula, drat, lemmas } of proofs) {
    expect([onDisk(formula.file), onDisk(drat.file)]).toEqual([formula.sha256, drat.sha256]);
    const text = read(drat.file).toString();
    expect(text.split("\n").filter((line) => line !== "" && !line.startsWith("d")).length).toBe(lemmas);
    const cnf = readDimacs(read(formula.file), formula.file);
    expect(checkDrat(cnf, text), formula.file).toBeNull();
    // Damaged: the empty clause without what leads to it. The class index of two classes is a wire, where nothing has to.
    if (!formula.file.endsWith("_index.cnf")) expect(checkDrat(cnf, "0\n"), formula.file).not.toBeNull();
  }

  const before = read("certificate.json").toString();
  expect((await dbnc(folder, "verify", "--run", run, "--force")).status).toBe(0);
  expect(read("certificate.json").toString()).toBe(before);
  expect((await dbnc(folder, "verify", "--run", run, "--set", "verify.proof=false")).status).toBe(0);
  expect(
    certificate()
      .steps.slice(1 + PASSES.length)
      .flatMap((step) => step.proofs),
  ).toEqual([]);
}, 300_000);
