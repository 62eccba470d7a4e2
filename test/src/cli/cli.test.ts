import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { decodeDesign } from "../../../compiler/model/design-codec.js";
import { sha256 } from "../../../src/flow/files.js";
import { ManifestSchema } from "../../../src/flow/manifest.js";
import { type Report, ReportSchema } from "../../../src/report/schema.js";
import { type CliResult, dbnc } from "../../support/cli.js";
import { flowers } from "../../support/flowers.js";
import { temporaryFolder, writeIn } from "../../support/folder.js";
import { isInstalled, testWithTool } from "../../support/native-tool.js";
import { runFiles } from "../../support/same-runs.js";

/** Verilator alone takes longer than all the rest: the simulators run where a test is about them. */
const SMALL = [
  ...["--layers", "60,60", "--epochs", "4", "--bits", "5"],
  ...["--set", "train.minimumSteps=150", "--set", "simulate.engines=[]"],
];
const build = (folder: string, ...more: string[]): Promise<CliResult> =>
  dbnc(folder, "build", "--data", "flowers.csv", "--name", "flowers", ...SMALL, ...more);
const reportOf = (run: string): Report =>
  ReportSchema.parse(JSON.parse(readFileSync(join(run, "report.json"), "utf8")));

/** One run that the tests read, or copy and change. */
let home: string;
let first: CliResult;
const run = (): string => join(home, "rtl-out", "flowers");
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "dbnc-cli-"));
  writeFileSync(join(home, "flowers.csv"), flowers(300));
  first = await build(home);
});

function copyOfRun(): { folder: string; path: string } {
  const folder = temporaryFolder();
  copyFileSync(join(home, "flowers.csv"), join(folder, "flowers.csv"));
  const path = join(folder, "rtl-out", "flowers");
  const copy = (from: string, to: string): void => {
    mkdirSync(to, { recursive: true });
    for (const entry of readdirSync(from, { withFileTypes: true })) {
      if (entry.isDirectory()) copy(join(from, entry.name), join(to, entry.name));
      else copyFileSync(join(from, entry.name), join(to, entry.name));
    }
  };
  copy(run(), path);
  return { folder, path };
}

function edit(path: string, from: RegExp | string, to: string): void {
  const before = readFileSync(path, "utf8");
  const after = before.replace(from, to);
  expect(after).not.toBe(before);
  writeFileSync(path, after);
}

describe("build", () => {
  test("goes the whole way, proves, and ends with a table and the path", () => {
    expect([first.status, first.stderr.includes("dbnc: refuted")]).toEqual([0, false]);
    expect(first.stdout).toMatch(/design = Verilog +proved/);
    expect(first.stdout.trimEnd().endsWith("rtl-out/flowers")).toBe(true);
    const { verification, accuracy, dataset, gates } = reportOf(run());
    expect(verification).toMatchObject({
      freeze: "proved",
      passes: "proved",
      design: "proved",
      rtl: "proved",
    });
    expect(verification.simulations![0]).toMatchObject({
      engine: "netlist",
      samples: 60,
      mismatches: 0,
      verdict: "agreed",
    });
    expect(accuracy!.test).toBeGreaterThan(0.85);
    expect(accuracy!.testSoft).toBeNull();
    expect([dataset!.train, dataset!.validation, dataset!.test, gates!.trained]).toEqual([216, 24, 60, 120]);
  });

  test("writes the files of the run folder, and the manifest has their hashes", () => {
    const manifest = ManifestSchema.parse(JSON.parse(readFileSync(join(run(), "manifest.json"), "utf8")));
    const wanted = [
      "dbnc.yaml",
      "model.safetensors",
      "training.csv",
      "design.safetensors",
      "netlist.blif",
      "netlist.aig",
    ];
    const rtl = ["top", "encoder", "core", "readout"].map((part) => `rtl/flowers_${part}.v`);
    expect(Object.keys(manifest.outputs)).toEqual(
      expect.arrayContaining([...wanted, ...rtl, "rtl/flowers_interface.json", "tb/flowers_tb.v"]),
    );
    for (const [file, hash] of Object.entries(manifest.outputs)) {
      if (!file.startsWith("report.json")) expect(sha256(readFileSync(join(run(), file))), file).toBe(hash);
    }
    expect(manifest.inputs).toEqual({ "flowers.csv": sha256(readFileSync(join(home, "flowers.csv"))) });
    expect(Object.keys(manifest.versions)).toEqual(expect.arrayContaining(["dbnc", "solver", "yosys"]));
    expect(existsSync(join(run(), ".lock"))).toBe(false);
    expect(existsSync(join(run(), "checkpoint.safetensors"))).toBe(false);
  });

  test("the same build again gives the same bytes", async () => {
    const folder = temporaryFolder();
    writeIn(folder, "flowers.csv", flowers(300));
    expect((await build(folder)).status).toBe(0);
    const other = join(folder, "rtl-out", "flowers");
    const files = readdirSync(other, { recursive: true, withFileTypes: true })
      .filter((e) => e.isFile())
      .map((e) => join(e.parentPath, e.name).slice(other.length));
    expect(files.length).toBeGreaterThan(15);
    for (const file of files) {
      if (file === "/log.jsonl" || file === "/report.json") continue;
      expect(readFileSync(join(other, file)).equals(readFileSync(join(run(), file))), file).toBe(true);
    }
    const timeless = (report: Report): unknown => ({
      ...report,
      seconds: {},
      passes: report.passes!.map((p) => ({ ...p, seconds: 0 })),
    });
    expect(timeless(reportOf(other))).toEqual(timeless(reportOf(run())));
  });

  test("a rerun reuses what did not change, and says so; a changed option does not", async () => {
    const { folder } = copyOfRun();
    const again = await build(folder);
    expect([again.status, again.stderr.match(/results reused/g)?.length]).toEqual([0, 5]);
    const other = await build(folder, "--passes", "dead-gates");
    expect([other.status, other.stderr.match(/results reused/g)?.length]).toEqual([0, 1]);
    expect(reportOf(join(folder, "rtl-out", "flowers")).passes!.map(({ name }) => name)).toEqual([
      "dead-gates",
    ]);
  });

  test("a stage alone refuses settings that the network was not trained with, and changes nothing", async () => {
    const { folder, path } = copyOfRun();
    const files = runFiles(path);
    const refused = async (...args: string[]): Promise<string> => {
      const { status, stderr } = await dbnc(folder, ...args);
      expect(status, stderr).toBe(1);
      expect(runFiles(path)).toEqual(files);
      return stderr;
    };
    expect(await refused("verify", "--run", path, "--layers", "300")).toContain(
      "expected the settings that its network was trained with: network.layers [60,60] but found [300]",
    );
    expect(await refused("emit", "--run", path, "--seed", "2")).toContain("seed 1 but found 2");
    // Pruning may train on, but not another network.
    const prune = ["prune", "--run", path, "--max-gates", "50", "--set", "prune.tune={}"];
    const rate = ["--learning-rate", "0.03"];
    expect(await refused(...prune, ...rate, "--bits", "4")).toMatch(/with: encoder\.bits 5 but found 4\n/);
  });

  test("--json gives the report, --quiet nothing, --dump-after the netlist after a pass", async () => {
    const { folder, path } = copyOfRun();
    const result = await build(
      folder,
      "--json",
      "--quiet",
      "--dump-after",
      "strash",
      "--passes",
      "default,strash",
    );
    expect([result.status, result.stderr]).toEqual([0, ""]);
    expect(ReportSchema.parse(JSON.parse(result.stdout)).name).toBe("flowers");
    expect(readdirSync(join(path, "dump"))).toEqual(["01-strash.blif", "02-strash.blif"]);
  });
});

test("verify --self-test plants faults in all that was proved, and says what came of them", {
  timeout: 600_000,
}, async () => {
  const { folder, path } = copyOfRun();
  const { status, stdout } = await dbnc(folder, "verify", "--run", path, "--self-test", "12");
  expect([status, stdout]).toEqual([
    0,
    expect.stringMatching(/self-test +proved: 3\d faults planted, \d+ caught/),
  ]);
  const { selfTest, rtl } = reportOf(path).verification;
  expect([rtl, selfTest!.missed, selfTest!.falseAlarms]).toEqual(["proved", 0, 0]);
  expect(new Set(selfTest!.faults.map(({ target }) => target))).toEqual(
    new Set(["netlist", "verilog", "vectors"]),
  );
});

describe("planted faults end with exit code 2", () => {
  test("a gate flipped in the emitted core", async () => {
    const { folder, path } = copyOfRun();
    const core = join(path, "rtl", "flowers_core_p0.v");
    const gate = /^( {2}assign n\d+ = .*) ([&^]) (.*)$/m;
    edit(core, gate, readFileSync(core, "utf8").match(gate)![2] === "&" ? "$1 ^ $3" : "$1 & $3");
    const result = await dbnc(folder, "verify", "--run", path);
    expect(result.status).toBe(2);
    expect(result.stderr).toContain("refuted: the Verilog against the design");
    expect(reportOf(path).verification.rtlParts!.find(({ part }) => part === "core")).toMatchObject({
      verdict: "refuted",
    });
  });
  test("a vector flipped in the testbench", async () => {
    const { folder, path } = copyOfRun();
    edit(join(path, "tb", "flowers_vectors.txt"), / ([01])\n/, " 2\n");
    const result = await dbnc(folder, "simulate", "--run", path, "--set", "simulate.engines=null");
    expect(result.status).toBe(2);
    for (const { verdict, mismatches } of reportOf(path).verification.simulations!) {
      if (verdict !== "skipped") expect([verdict, mismatches]).toEqual(["refuted", 1]);
    }
    if (isInstalled("iverilog")) expect(existsSync(join(path, "waves", "icarus.vcd"))).toBe(true);
  });
  test("a design that is not the model's", async () => {
    const { folder, path } = copyOfRun();
    const file = join(path, "design.safetensors");
    const bytes = readFileSync(file);
    const { core } = decodeDesign(bytes, file);
    const outputs = Buffer.from(core.outputs.buffer, core.outputs.byteOffset, core.outputs.byteLength);
    bytes[bytes.indexOf(outputs)]! ^= 1;
    writeFileSync(file, bytes);
    const result = await dbnc(folder, "verify", "--run", path);
    expect([result.status, reportOf(path).verification.design]).toEqual([2, "refuted"]);
  });
  test("Verilog that Yosys does not read", async () => {
    const { folder, path } = copyOfRun();
    edit(join(path, "rtl", "flowers_top.v"), "endmodule", "");
    const result = await dbnc(folder, "verify", "--run", path);
    expect([result.status, reportOf(path).verification.rtl]).toEqual([2, "refuted"]);
  });
});

describe("exit codes", () => {
  testWithTool("verilator")("3 when a tool runs out of its time", async () => {
    const { folder, path } = copyOfRun();
    // Less than any machine, with a compiler's cache or without, takes to compile the simulation.
    const hasty = ["--engines", "verilator", "--set", "simulate.timeout=0.02"];
    const { status, stderr } = await dbnc(folder, "simulate", "--run", path, ...hasty);
    expect([status, stderr.includes("unknown: simulation (verilator")]).toEqual([3, true]);
    expect(reportOf(path).verification.simulation!.verdict).toBe("unknown");
  });
  test("4 when a tool that was asked for is missing", async () => {
    const { folder, path } = copyOfRun();
    const empty = temporaryFolder();
    const old = process.env["PATH"];
    process.env["PATH"] = empty;
    try {
      const missing = await dbnc(folder, "simulate", "--run", path, "--engines", "icarus");
      expect([missing.status, missing.stderr.includes("tool/missing")]).toEqual([4, true]);
      const late = await build(folder, "--set", "simulate.engines=[verilator]", "--seed", "2");
      expect([late.status, late.stderr.includes("training")], "found before training").toEqual([4, false]);
      const optional = await dbnc(folder, "simulate", "--run", path, "--set", "simulate.engines=null");
      expect(optional.status).toBe(0);
      expect(reportOf(path).verification.simulations!.map(({ verdict }) => verdict)).toEqual([
        "agreed",
        "skipped",
        "skipped",
      ]);
    } finally {
      process.env["PATH"] = old;
    }
  });
  test.each([
    ["an unknown command", ["bild"], "build"],
    ["an unknown option", ["build", "--layer", "3"], "--layers"],
    ["a bad number", ["build", "--seed", "x"], "expected an integer"],
    ["missing data", ["build", "--data", "nowhere"], "nowhere: expected a folder or a file but found none"],
    ["a key that does not exist", ["build", "--set", "train.epoch=3"], 'did you mean "epochs"?'],
    [
      "an unknown pass",
      ["build", "--data", "flowers.csv", ...SMALL, "--passes", "strahs"],
      'did you mean "strash"?',
    ],
    [
      "a pass to dump after that does not run",
      ["build", "--data", "flowers.csv", "--dump-after", "strahs"],
      'did you mean "strash"?',
    ],
    [
      "a run that is not there",
      ["verify", "--run", "nowhere"],
      "nowhere: expected a run folder but found none",
    ],
    [
      "a layer that does not divide",
      ["build", "--data", "flowers.csv", "--layers", "61"],
      "multiple of 3 classes but found 61",
    ],
  ])("1 for %s", async (_what, args, message) => {
    const folder = temporaryFolder();
    writeIn(folder, "flowers.csv", flowers(30));
    const { status, stderr, stdout } = await dbnc(folder, ...args);
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(message);
    expect(stderr, "nothing is trained first").not.toContain("training");
  });
  test("0 for help, which has examples", async () => {
    for (const command of [
      [],
      ["build"],
      ["train"],
      ["optimize"],
      ["emit"],
      ["simulate"],
      ["verify"],
      ["predict"],
      ["equiv"],
      ["opt"],
      ["init"],
    ]) {
      const { status, stdout } = await dbnc(temporaryFolder(), ...command, "--help");
      expect([status, stdout.includes("Examples:")], command.join()).toEqual([0, true]);
    }
  });
});

describe("predict", () => {
  test("classifies a file as the compiled circuit does, columns by name", async () => {
    const csv = writeIn(
      temporaryFolder(),
      "new.csv",
      "same,colour,wide,long\n7,white,5,2\n7,red,4,4\n9,white,3,6.1\n",
    );
    const { status, stdout } = await dbnc(home, "predict", csv, "--run", run());
    expect([status, stdout]).toEqual([0, "sample,class\n0,iris\n1,rose\n2,tulip\n"]);
    const json = await dbnc(home, "predict", csv, "--run", run(), "--json");
    expect(JSON.parse(json.stdout)).toEqual(["iris", "rose", "tulip"]);
  });
  test("a file without a column of the training file is refused", async () => {
    const csv = writeIn(temporaryFolder(), "new.csv", "colour,wide,long\nwhite,5,2\n");
    const { status, stderr } = await dbnc(home, "predict", csv, "--run", run());
    expect([status, stderr.includes('expected a feature column "same"')]).toEqual([1, true]);
  });
});

test("init writes a project file that build takes, and overwrites none", async () => {
  const folder = temporaryFolder();
  expect((await dbnc(folder, "init", "--name", "x", "--layers", "30")).status).toBe(0);
  expect(readFileSync(join(folder, "dbnc.yaml"), "utf8")).toMatch(
    /# two-input gates in each dense layer\n {2}layers:\n {4}- 30\n/,
  );
  expect((await dbnc(folder, "init")).status).toBe(1);
  const { stderr } = await dbnc(
    folder,
    "train",
    "--run",
    "rtl-out/x",
    "--config",
    "dbnc.yaml",
    "--layers",
    "7",
  );
  expect(stderr).toContain("x: seed 1");
});
