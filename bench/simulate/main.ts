/** `npm run bench:simulate`: what evaluates gates how fast, compile time included; and one prediction from a cold start. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";
import type { Design } from "../../compiler/ir/design.js";
import { gateCount, type Netlist } from "../../compiler/ir/netlist.js";
import { encodeDesign } from "../../compiler/model/design-codec.js";
import { simulate } from "../../compiler/simulate/bit-parallel.js";
import { makeClassifier } from "../../compiler/simulate/classifier.js";
import { MemoryPlan } from "../../compiler/simulate/kernels.js";
import { Machine, placeNetlist, simulateFast } from "../../compiler/simulate/machine.js";
import { encodeFast } from "../../compiler/simulate/packer.js";
import { simulationModule } from "../../src/simulate/module.js";
import { generatedC, interpreterInC } from "./native.js";
import { icarus, verilator } from "./rtl.js";
import { type Measurement, randomPixels, trainedLikeDesign } from "./workload.js";

const USAGE = `npm run bench:simulate -- [options]

Gate evaluations a second of one core on a trained-like network, from the netlist to outputs, and the time of 10,000 samples with
compilation; then the class of every MNIST test image by a process that has compiled and planned nothing before.

  --gates <n>            of the network (default: 48000)
  --samples <n>          that all contenders run, a multiple of 512 (default: 1024)
  --contenders <name,…>  wasm, typescript, c, generated, verilator, icarus (default: all)
`;

const { values } = parseArgs({
  options: {
    gates: { type: "string", default: "48000" },
    samples: { type: "string", default: "1024" },
    contenders: { type: "string", default: "wasm,typescript,c,generated,verilator,icarus" },
    help: { type: "boolean" },
  },
});

type Contender = (netlist: Netlist, rows: readonly Uint32Array[], folder: string) => Measurement;
const CONTENDERS: Readonly<Record<string, Contender>> = {
  wasm: (netlist, rows) => {
    const begin = performance.now();
    const plan = new MemoryPlan();
    const placed = placeNetlist(netlist, plan);
    const machine = new Machine(simulationModule(), plan, placed);
    const compileSeconds = (performance.now() - begin) / 1000;
    const evaluations = 512 * (placed.program.gates.length / 3);
    const seconds = best(Math.ceil(1e6 / gateCount(netlist)), 300, () => machine.evaluate());
    const outputs = simulateFast(simulationModule(), netlist, rows, rows[0]!.length);
    const evaluationsPerSecond = evaluations / seconds;
    return { name: "WebAssembly SIMD", compileSeconds, evaluationsPerSecond, parities: paritiesOf(outputs) };
  },
  typescript: (netlist, rows) => {
    const words = rows[0]!.length;
    const seconds = best(1, 7, () => void simulate(netlist, rows, words));
    const evaluationsPerSecond = (32 * words * gateCount(netlist)) / seconds;
    const parities = paritiesOf(simulate(netlist, rows, words));
    return { name: "TypeScript, the oracle", compileSeconds: 0, evaluationsPerSecond, parities };
  },
  c: interpreterInC,
  generated: generatedC,
  verilator,
  icarus,
};

/** Seconds of one call, the best of many rounds: short ones, so that others' work on this machine falls between some. */
function best(calls: number, rounds: number, work: () => void): number {
  let seconds = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const begin = performance.now();
    for (let call = 0; call < calls; call++) work();
    seconds = Math.min(seconds, (performance.now() - begin) / 1000 / calls);
  }
  return seconds;
}

function paritiesOf(outputs: readonly Uint32Array[]): string {
  return outputs
    .map((row) => {
      let word = row.reduce((sum, bits) => sum ^ bits, 0);
      for (let shift = 16; shift > 0; shift >>>= 1) word ^= word >>> shift;
      return word & 1;
    })
    .join("");
}

function compare(design: Design, folder: string): void {
  const samples = 512 * Math.ceil(Number(values.samples) / 512);
  const { core, encoder } = design;
  const rows = encodeFast(simulationModule(), encoder, randomPixels(samples), samples);
  const parities = paritiesOf(simulate(core, rows, samples / 32));
  const line = (cells: readonly string[]): void =>
    console.log(
      `  ${cells[0]!.padEnd(24)}${cells
        .slice(1)
        .map((cell) => cell.padStart(16))
        .join("")}`,
    );
  line(["", "compile s", "G gates/s", "10,000 in s", "of WebAssembly"]);
  let ours: number | undefined;
  for (const contender of values.contenders.split(",")) {
    const run = CONTENDERS[contender];
    if (run === undefined)
      throw new Error(`--contenders: expected some of ${Object.keys(CONTENDERS)} but found ${contender}`);
    try {
      const found = run(core, rows, folder);
      if (found.parities !== parities) throw new Error("its outputs are others than those of the oracle");
      const { name, compileSeconds, evaluationsPerSecond: rate } = found;
      if (contender === "wasm") ours = rate;
      const total = compileSeconds + (10_000 * gateCount(core)) / rate;
      const times = ours === undefined ? "" : (rate / ours).toPrecision(3);
      line([name, compileSeconds.toFixed(2), (rate / 1e9).toPrecision(4), total.toPrecision(3), times]);
    } catch (error) {
      line([contender, `none: ${error instanceof Error ? error.message : error}`]);
    }
  }
}

/** Test images of MNIST where there are any, else random ones. */
function testImages(): { name: string; codes: Uint8Array } {
  const root = fileURLToPath(new URL("../../../", import.meta.url));
  const file = join(process.env["DBNC_DATA"] ?? join(root, "../shared/data"), "mnist/t10k-images-idx3-ubyte");
  if (existsSync(file)) return { name: "MNIST test images", codes: readFileSync(file).subarray(16) };
  if (existsSync(`${file}.gz`)) {
    return { name: "MNIST test images", codes: gunzipSync(readFileSync(`${file}.gz`)).subarray(16) };
  }
  return { name: "random images", codes: randomPixels(10_000) };
}

function classify(design: Design, folder: string): void {
  const { name, codes } = testImages();
  const [designFile, codesFile] = [join(folder, "design.safetensors"), join(folder, "codes")];
  writeFileSync(designFile, encodeDesign(design));
  writeFileSync(codesFile, codes);
  const cold = fileURLToPath(new URL("cold.js", import.meta.url));
  const runs = Array.from({ length: 5 }, () => {
    const { stdout } = spawnSync(process.execPath, [cold, designFile, codesFile], { encoding: "utf8" });
    return JSON.parse(stdout) as { milliseconds: number; processor: number };
  });
  const least = (of: "milliseconds" | "processor"): string =>
    Math.min(...runs.map((run) => run[of])).toFixed(0);
  const samples = codes.length / design.encoder.features.length;
  const classifier = makeClassifier(simulationModule(), design);
  const pixels = new Uint8Array(codes);
  const warm = 1000 * best(1, 50, () => void classifier.predict(pixels, samples));
  console.log(`\n  ${samples} ${name} to classes, packing and scoring included:`);
  console.log(
    `  ${least("milliseconds")} ms cold (${least("processor")} ms of processor time), ${warm.toFixed(1)} ms warm`,
  );
}

if (values.help === true) process.stdout.write(USAGE);
else {
  const folder = mkdtempSync(join(tmpdir(), "dbnc-bench-"));
  try {
    const design = trainedLikeDesign(Number(values.gates));
    console.log(
      `${cpus()[0]?.model ?? "unknown processor"}, Node ${process.version}; ${gateCount(design.core)} gates`,
    );
    compare(design, folder);
    classify(design, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
