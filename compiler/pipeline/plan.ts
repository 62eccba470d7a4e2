import { UserError } from "../../base/errors.js";
import { usedInputs } from "../emit/verilog/core.js";
import type { Design } from "../ir/design.js";
import type { Target } from "../ir/target.js";
import { type ReadoutStyle, readoutStyle } from "../map/counter.js";
import { buildReadout, type ReadoutCircuit } from "../map/readout-circuit.js";
import { indexNetlist } from "../map/readout-netlist.js";
import { encoderSpecification } from "../verify/encoder-specification.js";
import { type DelayModel, delayModel } from "./delay-model.js";
import { type Schedule, scheduleGates } from "./schedule-gates.js";
import { arrival, cellDelay, type NetTimes, scheduleReadout } from "./schedule-readout.js";

/** Where the registers of a pipelined design are. A net of stage `s` that is read in stage `t` passes `t - s` of them. */
export interface PipelinePlan {
  /** The readout that the plan is of. */
  readonly circuit: ReadoutCircuit;
  /** Registers on every path from the encoder bits to the class index. */
  readonly latency: number;
  /** Those within the core; the others are in the readout. */
  readonly coreLatency: number;
  /** Shape `[nodes of the core]`. */
  readonly coreStage: Uint16Array;
  /** By net of the readout circuit, from its votes on. */
  readonly netStage: Uint16Array;
  /** The stage of the readout in which the class index is made. */
  readonly indexStage: number;
  /** The longest path between registers by the delay model, nanoseconds, without the registers' own. */
  readonly period: number;
}

/** What is asked for: so many stages, or a clock rate in MHz. */
export type PipelineGoal = { readonly stages: number } | { readonly fmax: number };

/** Steps of the search for the shortest period, in LUT levels. */
const STEP = 0.25;

/**
 * Balanced cuts through encoder, core and readout: for a number of stages the shortest period that needs no more of
 * them, for a clock rate the fewest stages. Every stage ends in a rank of registers, the last one at the class index;
 * the encoder's comparators are in front of the first one.
 *
 * @param style what the readout's cells are made for.
 * @throws {UserError} if no number of stages reaches the clock rate by the delay model.
 */
export function planPipeline(
  design: Design,
  target: Target,
  goal: PipelineGoal,
  style: ReadoutStyle = readoutStyle(target),
): PipelinePlan {
  const timing = new Timing(design, buildReadout(design.readout, style), target);
  const { model, shortest } = timing;
  if ("fmax" in goal) {
    const period = 1000 / goal.fmax - model.overhead;
    if (period < shortest) throw tooFast(goal.fmax, 1000 / (shortest + model.overhead), target);
    return timing.plan(period, 0);
  }
  const whole = timing.plan(Number.POSITIVE_INFINITY, 1).period;
  let period = Math.max(shortest, whole / goal.stages);
  for (;;) {
    const plan = timing.plan(period, goal.stages);
    if (plan.latency <= goal.stages) return plan;
    period += STEP * model.level;
  }
}

const tooFast = (asked: number, possible: number, { name }: Target): UserError =>
  new UserError(
    "pipeline/fmax",
    `hardware.fmax: expected at most ${Math.floor(possible)} MHz, what one LUT or comparison between registers allows on ${name} by the delay model, but found ${asked}`,
    "ask for less, or for a number of stages with hardware.pipeline",
  );

/** What a design's parts take, worked out once for all periods that are tried. */
class Timing {
  readonly model: DelayModel;
  /** The longest thing that no register can cut. */
  readonly shortest: number;
  private readonly inputs: Float64Array;
  private readonly indexDelay: number;

  constructor(
    private readonly design: Design,
    private readonly circuit: ReadoutCircuit,
    private readonly target: Target,
  ) {
    this.model = delayModel(target);
    this.inputs = this.encoderTimes();
    const index = indexNetlist(circuit.matches);
    const times = this.gates(index, new Float64Array(index.inputs), Number.POSITIVE_INFINITY).time;
    this.indexDelay = index.outputs.reduce((most, literal) => Math.max(most, times[literal >>> 1]!), 0);
    const cells = circuit.cells.map((cell) => cellDelay(cell, this.model));
    this.shortest = Math.max(this.model.level, this.indexDelay, ...cells, ...this.inputs);
  }

  private gates(netlist: Design["core"], inputs: ArrayLike<number>, period: number): Schedule {
    const { level } = this.model;
    return scheduleGates(netlist, inputs, { k: this.target.lutInputs, level, period });
  }

  /** When the encoder's comparators are done, for every encoder bit. */
  private encoderTimes(): Float64Array {
    const { encoder, core } = this.design;
    const used = usedInputs(core);
    const comparators = encoderSpecification(encoder, used);
    const { time } = this.gates(comparators, new Float64Array(comparators.inputs), Number.POSITIVE_INFINITY);
    const times = new Float64Array(core.inputs);
    used.forEach((bit, o) => {
      times[bit] = time[comparators.outputs[o]! >>> 1]!;
    });
    return times;
  }

  /** The plan for a period, padded at its end to at least `least` stages. */
  plan(period: number, least: number): PipelinePlan {
    const { core } = this.design;
    const gates = this.gates(core, this.inputs, period);
    const coreLatency = core.outputs.reduce(
      (last, literal) => Math.max(last, gates.stage[literal >>> 1]!),
      0,
    );
    const votes = Float64Array.from(core.outputs, (literal) =>
      gates.stage[literal >>> 1] === coreLatency ? gates.time[literal >>> 1]! : 0,
    );
    const nets = scheduleReadout(this.circuit, votes, this.model, period);
    const results = this.circuit.matches.flatMap(({ wins }) => wins);
    const index = arrival(results, nets, this.indexDelay, period);
    return {
      circuit: this.circuit,
      latency: Math.max(least, coreLatency + index.stage + 1),
      coreLatency,
      coreStage: gates.stage,
      netStage: nets.stage,
      indexStage: index.stage,
      period: longest(gates, nets, index.time),
    };
  }
}

const longest = ({ time }: Schedule, nets: NetTimes, index: number): number => {
  let most = index;
  for (const t of time) most = Math.max(most, t);
  for (const t of nets.time) most = Math.max(most, t);
  return most;
};
