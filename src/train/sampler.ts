import { Random } from "../../base/random.js";

export interface SamplerOptions {
  readonly batch: number;
  readonly seed: number;
  /** Draw what the network still gets wrong more often. */
  readonly importance: boolean;
  /** Number of warp maps to draw from; the one after them moves nothing. 0 for none. */
  readonly maps: number;
}

/** What goes into some steps' batches, row-major `[steps, batch]`. */
export interface Batches {
  readonly steps: number;
  /** Sample numbers. */
  readonly chosen: Uint32Array;
  /** What each sample's gradient counts; 1 but for importance sampling, which it makes unbiased. */
  readonly weights: Float32Array;
  /** Which map warps the sample; all 0 without maps. */
  readonly maps: Uint32Array;
}

/** Where a sampler is; enough to go on from. */
export interface SamplerState {
  readonly random: readonly number[];
  /** Steps of the epoch that are done. */
  readonly done: number;
  readonly order: Uint32Array;
  readonly weight: Float32Array;
  readonly shares: Float32Array;
}

/** Added to what the network misses of a sample: also those that it knows are seen again. */
const FLOOR = 0.05;

/**
 * Endless batches, in epochs of `ceil(samples / batch)` steps. Plainly, an epoch is every sample once in an order drawn
 * anew, and a few at random to fill the last batch; with importance, samples are drawn in proportion to
 * `1 - share + 0.05`, `share` being what the softmax gave the right class when the sample was last seen, and weighted by
 * the inverse (after Katharopoulos and Fleuret, "Not all samples are created equal", ICML 2018).
 */
export class Sampler {
  readonly stepsPerEpoch: number;
  private random: Random;
  /** Shape `[stepsPerEpoch, batch]`, sample numbers. */
  private readonly order: Uint32Array;
  private readonly weight: Float32Array;
  private readonly shares: Float32Array;
  private done = 0;

  constructor(
    private readonly samples: number,
    private readonly options: SamplerOptions,
  ) {
    this.stepsPerEpoch = Math.ceil(samples / options.batch);
    this.random = Random.forPurpose(options.seed, "batches");
    this.order = new Uint32Array(this.stepsPerEpoch * options.batch);
    this.weight = new Float32Array(samples).fill(1);
    this.shares = new Float32Array(samples);
    this.beginEpoch();
  }

  /**
   * The next batches, at most those left of the epoch: what is learnt of one epoch decides the next one's draws.
   *
   * @param moved whether images are moved by the maps that are drawn. They are drawn either way, so that samples stay the same.
   */
  draw(most: number, moved = true): Batches {
    if (this.done === this.stepsPerEpoch) this.beginEpoch();
    const { batch, maps } = this.options;
    const steps = Math.min(most, this.stepsPerEpoch - this.done);
    const chosen = this.order.slice(this.done * batch, (this.done + steps) * batch);
    this.done += steps;
    const drawMap = (): number => {
      const map = this.random.below(maps);
      return moved ? map : maps;
    };
    return {
      steps,
      chosen,
      weights: Float32Array.from(chosen, (sample) => this.weight[sample]!),
      maps: maps === 0 ? new Uint32Array(chosen.length) : chosen.map(drawMap),
    };
  }

  /** Take note of how sure the network was of the right class of these samples. */
  learn(chosen: Uint32Array, shares: Float32Array): void {
    for (let i = 0; i < chosen.length; i++) this.shares[chosen[i]!] = shares[i]!;
  }

  private beginEpoch(): void {
    this.done = 0;
    const drawn = this.options.importance ? this.drawByShare() : this.drawEach();
    for (let i = drawn; i < this.order.length; i++) this.order[i] = this.random.below(this.samples);
    this.random.shuffle(this.order);
  }

  private drawEach(): number {
    for (let s = 0; s < this.samples; s++) this.order[s] = s;
    return this.samples;
  }

  /** Systematic sampling: sample `s` is drawn `samples * q_s` times, rounded up or down. */
  private drawByShare(): number {
    const mean = this.shares.reduce((sum, share) => sum + 1 - share + FLOOR, 0) / this.samples;
    let reached = this.random.uniform();
    let drawn = 0;
    for (let s = 0; s < this.samples; s++) {
      const expected = (1 - this.shares[s]! + FLOOR) / mean;
      this.weight[s] = 1 / expected;
      for (reached += expected; drawn + 1 <= reached && drawn < this.samples; ) this.order[drawn++] = s;
    }
    return drawn;
  }

  save(): SamplerState {
    const { random, done, order, weight, shares } = this;
    return {
      random: random.save(),
      done,
      order: order.slice(),
      weight: weight.slice(),
      shares: shares.slice(),
    };
  }

  restore({ random, done, order, weight, shares }: SamplerState): void {
    this.random = Random.restore(random);
    this.done = done;
    this.order.set(order);
    this.weight.set(weight);
    this.shares.set(shares);
  }
}
