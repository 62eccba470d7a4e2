import type { Design } from "../ir/design.js";
import { GateKind } from "../ir/gate-functions.js";
import { firstGate, type Netlist, nodeCount } from "../ir/netlist.js";
import { MemoryPlan } from "../simulate/kernels.js";
import type { CandidatePairs } from "./candidate-pairs.js";
import { PATTERNS } from "./cone-functions.js";
import { type Cone, LEAVES } from "./cones.js";
import type { DecisiveSamples } from "./decisive-samples.js";
import type { Harm } from "./harm.js";

/**
 * What it weighs at one sample to flip a node: the size of the loss's derivative by it; or the curvature, which is what a
 * round's many flips cost as far as they are independent of each other; or the same at every sample, 1 over their number.
 */
export type FlipWeight = "slope" | "curvature" | "share";

/** What flips are weighed over: samples, and gradients by the scores where they are asked for. */
export type WeighedSamples = Pick<DecisiveSamples, "samples" | "bits"> & Partial<DecisiveSamples>;

/** What is asked of the flips. */
export interface Weighed {
  readonly pairs: CandidatePairs;
  /** At most one of a gate. */
  readonly cones: readonly Cone[];
}

/** Samples of a block, and words of their bits. */
const BLOCK = 128;
const WORDS = BLOCK / 32;
/** Below this a gradient counts as 0: squares of small floats would become subnormal, and those are slow. */
const TINY = 1e-18;
/** Flags of a gate (assembly/flips.ts); those of the second fanin are twice the first's. */
const XOR = 1;
const HAS_ROW = 2;
const FRESH = 8;
const IS_READ = 32;

/**
 * The weights of flips: of every gate, summed over the samples in which the two nodes of each pair differ, and by the
 * patterns of the leaves of each cone.
 *
 * @param module compiled from `kernels.wasm`.
 * @remarks 512 bytes a gate.
 */
export function weighFlips(
  module: WebAssembly.Module,
  design: Design,
  drawn: WeighedSamples,
  { pairs, cones }: Weighed,
  weight: FlipWeight,
): Harm {
  const { core, readout } = design;
  const [first, gates, classes] = [firstGate(core), core.kind.length, readout.classNames.length];
  const plan = new MemoryPlan();
  const votes = votesByGate(design);
  const values = plan.reserve(4 * WORDS * nodeCount(core));
  const byScore = plan.reserve(4 * BLOCK * classes);
  const pairSums = plan.reserve(8 * pairs.source.length);
  const sums = plan.reserve(8 * gates);
  const patternSums = plan.reserve(8 * PATTERNS * cones.length);
  const { coneOf, leaves } = conesByGate(core, cones);
  // In the order of the fields of `Job` in assembly/flips.ts.
  const job = plan.place(
    Uint32Array.of(
      first,
      gates,
      plan.place(gateRecords(core)),
      values,
      plan.reserve(weight === "share" ? 0 : 4 * BLOCK * gates),
      byScore,
      plan.place(votes.start),
      plan.place(votes.votes),
      plan.place(pairs.start.subarray(first)),
      plan.place(pairs.source),
      pairSums,
      sums,
      plan.place(coneOf),
      plan.place(leaves),
      patternSums,
      ["slope", "curvature", "share"].indexOf(weight),
    ),
  );
  const gradient =
    weight === "share"
      ? new Float32Array(drawn.samples).fill(1)
      : (weight === "slope" ? drawn.slope : drawn.spread)!;
  const { kernels, buffer } = plan.instantiate(module);
  const block = { values: new Uint32Array(buffer, values), byScore: new Float32Array(buffer, byScore) };
  for (let from = 0; from < drawn.samples; from += BLOCK) {
    loadBlock(drawn, gradient, from, block);
    kernels.weighFlips(job);
  }
  const scale = weight === "share" ? 1 / drawn.samples : 1;
  const read = (at: number, length: number): Float64Array =>
    new Float64Array(buffer, at, length).map((sum) => scale * sum);
  const all = new Float64Array(nodeCount(core));
  all.set(read(sums, gates), first);
  return {
    pair: read(pairSums, pairs.source.length),
    all,
    patterns: read(patternSums, PATTERNS * cones.length),
  };
}

/** Shape `[gates]`: each gate's cone, counted from 1, 0 for none; shape `[cones, 6]`: leaves, the constant where there is none. */
function conesByGate(core: Netlist, cones: readonly Cone[]): { coneOf: Uint32Array; leaves: Uint32Array } {
  const coneOf = new Uint32Array(core.kind.length);
  const leaves = new Uint32Array(LEAVES * cones.length);
  cones.forEach((cone, i) => {
    coneOf[cone.node - firstGate(core)] = i + 1;
    leaves.set(cone.leaves, LEAVES * i);
  });
  return { coneOf, leaves };
}

/** The bits of a block's inputs, and its gradients by the scores; samples past the last one get 0. */
function loadBlock(
  { bits, samples }: WeighedSamples,
  gradient: Float32Array,
  from: number,
  { values, byScore }: { readonly values: Uint32Array; readonly byScore: Float32Array },
): void {
  bits.forEach((row, i) => {
    for (let w = 0; w < WORDS; w++) values[(1 + i) * WORDS + w] = row[from / 32 + w] ?? 0;
  });
  for (let at = 0, c = 0; c < gradient.length; c += samples) {
    for (let s = from; s < from + BLOCK; s++) {
      const d = s < samples ? gradient[c + s]! : 0;
      byScore[at++] = Math.abs(d) < TINY ? 0 : d;
    }
  }
}

/** Shape `[gates, 3]`: fanins and flags. */
function gateRecords({ inputs, kind, fanin0, fanin1 }: Netlist): Uint32Array {
  const records = new Uint32Array(3 * kind.length);
  const read = new Uint8Array(kind.length);
  for (let g = kind.length - 1; g >= 0; g--) {
    let flags = (kind[g] === GateKind.Xor ? XOR : 0) | (read[g] === 1 ? IS_READ : 0);
    [fanin0[g]!, fanin1[g]!].forEach((literal, i) => {
      const fanin = (literal >>> 1) - 1 - inputs;
      if (fanin < 0) return;
      flags |= (HAS_ROW | (read[fanin] === 1 ? 0 : FRESH)) << i;
      read[fanin] = 1;
    });
    records.set([fanin0[g]!, fanin1[g]!, flags], 3 * g);
  }
  return records;
}

/** How every gate votes, as compressed rows: offset of the class's gradients in bytes, and the weight's float bits. */
function votesByGate({ core, readout }: Design): { start: Uint32Array; votes: Uint32Array } {
  const first = firstGate(core);
  const start = new Uint32Array(core.kind.length + 1);
  const gateOf = readout.vote.map((output) => core.outputs[output]! >>> 1);
  for (const node of gateOf) if (node >= first) start[node - first + 1]!++;
  for (let g = 0; g < core.kind.length; g++) start[g + 1]! += start[g]!;
  const at = start.slice();
  const votes = new Uint32Array(2 * start[core.kind.length]!);
  const weights = new Float32Array(votes.buffer);
  for (let c = 0; c < readout.classNames.length; c++) {
    for (let t = readout.start[c]!; t < readout.start[c + 1]!; t++) {
      if (gateOf[t]! < first) continue;
      const place = at[gateOf[t]! - first]!++;
      votes[2 * place] = 4 * BLOCK * c;
      const complemented = (core.outputs[readout.vote[t]!]! & 1) === 1;
      weights[2 * place + 1] = complemented ? -readout.weight[t]! : readout.weight[t]!;
    }
  }
  return { start, votes };
}
