import { Random } from "../../base/random.js";
import type { LabelledBits } from "../../compiler/ir/labelled-bits.js";
import { zeroMoments } from "../../src/train/adam.js";
import { type Engine, type EngineInput, type MakeEngine, plainEngine } from "../../src/train/engine.js";
import { initialiseModel } from "../../src/train/initialise.js";
import { wasmEngine } from "../../src/train/kernels/engine.js";
import { tensorflowEngine } from "../../src/train/reference/engine.js";
import { Sampler } from "../../src/train/sampler.js";
import { BATCH, CASES, type Case, CLASSES, CONTENDERS, INPUTS, type Measurement } from "./cases.js";

/** `measure.js <case> <contender> <seconds>`: measures one contender of this program and prints a `Measurement`. */
const [caseName, contenderName, secondsText] = process.argv.slice(2);
const network = CASES.find(({ name }) => name === caseName)!;
const contender = CONTENDERS.find(({ name }) => name === contenderName)!;
process.stdout.write(`${JSON.stringify(await measure(network, Number(secondsText)))}\n`);

async function measure(of: Case, seconds: number): Promise<Measurement> {
  let note = "";
  const makers: Readonly<Record<string, MakeEngine>> = {
    "wasm-1": wasmEngine(1),
    "wasm-2": wasmEngine(2),
    plain: plainEngine,
    tensorflow: tensorflowEngine((text) => {
      note = text.split(";")[0]!;
    }),
  };
  const input = engineInput(of);
  const engine = await makers[contender.name.replace("-soft", "")]!(input);
  const sampler = new Sampler(input.data.samples, { batch: BATCH, seed: 1, importance: false, maps: 0 });
  const best = await fastestBlock(engine, sampler, seconds);
  await engine.close();
  return { ...best, peakBytes: 1024 * process.resourceUsage().maxRSS, note };
}

/** Blocks of about half a second of steps, after a warm-up, until the time is over. */
async function fastestBlock(
  engine: Engine,
  sampler: Sampler,
  seconds: number,
): Promise<Pick<Measurement, "wallSeconds" | "cpuSeconds" | "steps">> {
  let done = 0;
  const block = async (wanted: number): Promise<{ wall: number; cpu: number; steps: number }> => {
    const batches = sampler.draw(wanted);
    const [begin, before] = [performance.now(), process.cpuUsage()];
    await engine.train(batches, done, new Float32Array(batches.steps).fill(0.01));
    const { user, system } = process.cpuUsage(before);
    const { steps } = batches;
    done += steps;
    return { wall: (performance.now() - begin) / 1000 / steps, cpu: (user + system) / 1e6 / steps, steps };
  };
  const first = await block(1);
  let size = Math.max(1, Math.round(0.5 / first.wall));
  let [wallSeconds, cpuSeconds, steps] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0];
  for (const end = performance.now() + 1000 * seconds; steps < 3 || performance.now() < end; ) {
    const { wall, cpu, steps: counted } = await block(size);
    steps += counted;
    wallSeconds = Math.min(wallSeconds, wall);
    cpuSeconds = Math.min(cpuSeconds, cpu);
    size = Math.max(1, Math.round(0.5 / wall));
  }
  return { wallSeconds, cpuSeconds, steps };
}

/** A fresh network with random samples, three bits in ten set. */
function engineInput({ layers, candidates }: Case): EngineInput {
  const random = new Random(1);
  const data = randomData(random);
  const bits = Array.from({ length: INPUTS }, (_, feature) => ({
    feature,
    test: "at-least" as const,
    value: 1,
  }));
  const features = bits.map(({ feature }) => ({ name: `${feature}`, type: { kind: "boolean" } as const }));
  const model = initialiseModel(
    {
      encoder: { features, bits },
      classNames: Array.from({ length: CLASSES }, (_, c) => `${c}`),
      train: data,
      validation: data,
    },
    { conv: [], layers, candidates, locality: null, votes: "last", temperature: null },
    1,
  );
  const moments = model.layers.map(({ wireLogits, gateLogits }) => ({
    wire: zeroMoments(wireLogits.length),
    gate: zeroMoments(gateLogits.length),
  }));
  return { model, moments, data, warp: null, batch: BATCH, mode: contender.mode, decay: 0 };
}

function randomData(random: Random): LabelledBits {
  const samples = 20 * BATCH;
  const word = (): number =>
    (random.uint32() & random.uint32()) | (random.uint32() & random.uint32() & random.uint32());
  return {
    samples,
    bits: Array.from({ length: INPUTS }, () => Uint32Array.from({ length: samples / 32 }, word)),
    labels: Uint16Array.from({ length: samples }, () => random.below(CLASSES)),
  };
}
