import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ReportSchema } from "../../../src/report/schema.js";
import { type CliResult, dbnc } from "../../support/cli.js";
import { temporaryFolder } from "../../support/folder.js";
import { python, testWithTorch } from "../../support/python.js";
import { real, testWithData } from "../../support/real-data.js";

const MNIST = real("mnist");
const IMAGES = join(MNIST, "t10k-images-idx3-ubyte.gz");
const DIGITS = real("sklearn/digits.csv.gz");

/** With both, a real PyTorch and real data. */
const testOn = (path: string): typeof test =>
  testWithData(path) === test ? testWithTorch() : testWithData(path);

function json(text: string): unknown {
  return JSON.parse(text);
}

const ok = (result: CliResult): string => {
  expect(result, result.stderr).toMatchObject({ status: 0 });
  return result.stdout;
};

async function predicted(folder: string, run: string, file: string): Promise<number[]> {
  const names = json(ok(await dbnc(folder, "predict", file, "--run", run, "--json"))) as string[];
  return names.map(Number);
}

interface Written {
  readonly predictions: number[];
  readonly accuracy: number;
}

testOn("mnist")(
  "difflogic on MNIST: every test sample as PyTorch's discretised model, and back to PyTorch again",
  async () => {
    const folder = temporaryFolder();
    python(folder, "mnist.py", MNIST, folder);
    const { predictions, accuracy } = json(readFileSync(join(folder, "predictions.json"), "utf8")) as Written;
    expect(predictions).toHaveLength(10_000);
    expect(accuracy).toBeGreaterThan(0.6);
    const args = ["difflogic.safetensors", "--data", MNIST, "--until", "optimize", "--json", "--quiet"];
    const report = ReportSchema.parse(json(ok(await dbnc(folder, "import", ...args))));
    expect(report.accuracy!.test).toBe(accuracy);
    expect(report.verification).toMatchObject({ import: null, freeze: "proved", passes: "proved" });
    expect(report.gates!.trained).toBe(2000);
    expect(await predicted(folder, "rtl-out/mnist", IMAGES)).toEqual(predictions);
    ok(await dbnc(folder, "export", "--run", "rtl-out/mnist", "--torch", "out.safetensors"));
    const loaded = json(python(folder, "load.py", join(folder, "out.safetensors"), IMAGES));
    expect(loaded).toEqual({ predictions, learns: true });
  },
  120_000,
);

testOn("sklearn")(
  "torchlogix in all parametrisations, and a BLIF and an AIGER with a group-sum readout, on the digits",
  async () => {
    const folder = temporaryFolder();
    python(folder, "digits.py", DIGITS, folder);
    const written = json(readFileSync(join(folder, "predictions.json"), "utf8")) as {
      predictions: Record<string, number[]>;
    };
    const data = ["--data", DIGITS, "--set", "data.header=false", "--quiet"];
    for (const name of ["raw", "walsh", "light"]) {
      ok(
        await dbnc(
          folder,
          "import",
          `${name}.safetensors`,
          ...data,
          "--name",
          name,
          "--until",
          "optimize",
          "-p",
          "none",
        ),
      );
      expect(await predicted(folder, `rtl-out/${name}`, DIGITS), name).toEqual(written.predictions[name]);
    }
    ok(await dbnc(folder, "opt", "learned.blif", "-p", "none", "-o", "learned.aig", "--quiet"));
    const encoder = ["--set", "encoder.thresholds=[4,8,12]", "--set", "import.order=threshold"];
    for (const [file, last] of [
      ["learned.blif", "verify"],
      ["learned.aig", "optimize"],
    ] as const) {
      const args = [...data, ...encoder, "--set", "simulate.engines=[]", "--until", last, "--json"];
      const report = ReportSchema.parse(json(ok(await dbnc(folder, "import", file, ...args))));
      expect(report.verification.import).toBe("proved");
      expect(report.verification.rtl).toBe(last === "verify" ? "proved" : null);
      expect(await predicted(folder, "rtl-out/digits", DIGITS), file).toEqual(written.predictions["learned"]);
    }
  },
  120_000,
);

test("an exported network comes back as the same circuit, and is trained anew when the file changes", async () => {
  const folder = temporaryFolder();
  const small = ["--layers", "200", "--epochs", "1", "--set", "train.minimumSteps=60", "--quiet"];
  ok(await dbnc(folder, "build", ...small, "--until", "optimize"));
  ok(await dbnc(folder, "export", "--run", "rtl-out/demo", "--torch", "a.safetensors"));
  const again = ["import", "a.safetensors", "--name", "again", "--until", "optimize"];
  const { accuracy } = ReportSchema.parse(json(ok(await dbnc(folder, ...again, "--json", "--quiet"))));
  const first = readFileSync(join(folder, "rtl-out/demo/report.json"), "utf8");
  expect(accuracy).toEqual(ReportSchema.parse(json(first)).accuracy);
  ok(await dbnc(folder, "equiv", "rtl-out/demo", "rtl-out/again"));
  expect((await dbnc(folder, ...again)).stderr).toContain("train: inputs and options unchanged");
  const bytes = readFileSync(join(folder, "a.safetensors"));
  // A space of the header's padding: another file, the same network.
  writeFileSync(join(folder, "a.safetensors"), Buffer.concat([bytes, Buffer.alloc(8)]));
  expect((await dbnc(folder, ...again)).stderr).not.toContain("train: inputs and options unchanged");
  writeFileSync(join(folder, "t.csv"), `a,b\n${"1,x\n2,y\n".repeat(20)}`);
  const { status, stderr } = await dbnc(folder, "import", "a.safetensors", "--data", "t.csv");
  expect(status).toBe(1);
  expect(stderr).toContain("expected 1 features, as the data set has,");
});

test("what does not fit is refused before any work, with what to do", async () => {
  const folder = temporaryFolder();
  const refused = async (...args: string[]): Promise<string> => {
    const { status, stderr } = await dbnc(folder, "import", ...args);
    expect(status, stderr).toBe(1);
    return stderr;
  };
  expect(await refused("a.onnx")).toContain("docs/import.md");
  expect(await refused("a.safetensors")).toContain("expected a readable file");
  const blif = (inputs: number, outputs: number): void => {
    const names = Array.from({ length: inputs }, (_, i) => `a${i}`);
    const out = Array.from({ length: outputs }, (_, o) => `y${o}`);
    const tables = out.map((y, o) => `.names a${o % inputs} a${(o + 1) % inputs} ${y}\n11 1\n`);
    const text = `.model m\n.inputs ${names.join(" ")}\n.outputs ${out.join(" ")}\n${tables.join("")}.end\n`;
    writeFileSync(join(folder, "net.blif"), text);
  };
  blif(5, 10);
  expect(await refused("net.blif")).toContain("encoder.thresholds: expected the list");
  const thresholds = ["--set", "encoder.thresholds=[128]"];
  expect(await refused("net.blif", ...thresholds)).toContain(
    "expected 196 inputs, the encoder's bits, but found 5",
  );
  blif(196, 11);
  expect(await refused("net.blif", ...thresholds)).toContain("expected a multiple of 10 outputs");
});
