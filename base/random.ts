/**
 * The one source of randomness: xoshiro128** (Blackman and Vigna, "Scrambled linear pseudorandom number
 * generators", 2021), seeded through splitmix32. Nothing in dbnc calls `Math.random`.
 */
export class Random {
  private readonly state: Uint32Array;
  /** Second normal deviate of the last Box-Muller pair, or NaN when there is none. */
  private spare = Number.NaN;

  /** @param seed any integer; the low 32 bits count. */
  constructor(seed: number) {
    this.state = new Uint32Array(4);
    let x = seed >>> 0;
    for (let i = 0; i < 4; i++) {
      x = (x + 0x9e3779b9) >>> 0;
      let z = x;
      z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
      z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
      this.state[i] = (z ^ (z >>> 16)) >>> 0;
    }
    if (this.state.every((word) => word === 0)) this.state[0] = 1;
  }

  /** An independent generator for one purpose: the same seed and label give the same stream. */
  static forPurpose(seed: number, label: string): Random {
    let hash = 0x811c9dc5 ^ (seed >>> 0);
    for (let i = 0; i < label.length; i++) hash = Math.imul(hash ^ label.charCodeAt(i), 0x01000193);
    return new Random(hash >>> 0);
  }

  /** Uniform integer in [0, 2^32). */
  uint32(): number {
    const s = this.state;
    const scrambled = Math.imul(s[1]!, 5);
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0;
    const t = s[1]! << 9;
    s[2]! ^= s[0]!;
    s[3]! ^= s[1]!;
    s[1]! ^= s[2]!;
    s[0]! ^= s[3]!;
    s[2]! ^= t;
    s[3] = (s[3]! << 11) | (s[3]! >>> 21);
    return result;
  }

  /** Uniform in [0, 1), 32 bits of resolution. */
  uniform(): number {
    return this.uint32() / 0x1_0000_0000;
  }

  /** Uniform integer in [0, bound), unbiased. @throws {RangeError} unless 1 <= bound <= 2^32. */
  below(bound: number): number {
    if (!(bound >= 1 && bound <= 0x1_0000_0000))
      throw new RangeError(`expected 1 <= bound <= 2^32 but found ${bound}`);
    const limit = 0x1_0000_0000 - (0x1_0000_0000 % bound);
    for (;;) {
      const x = this.uint32();
      if (x < limit) return x % bound;
    }
  }

  /** Standard normal deviate (Box-Muller). */
  normal(): number {
    if (!Number.isNaN(this.spare)) {
      const value = this.spare;
      this.spare = Number.NaN;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    const angle = 2 * Math.PI * this.uniform();
    this.spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  /** Shuffle in place (Fisher-Yates). */
  shuffle<T extends { length: number; [i: number]: unknown }>(items: T): T {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      const moved = items[i];
      items[i] = items[j];
      items[j] = moved;
    }
    return items;
  }

  /** The whole state, five doubles, for checkpoints. */
  save(): number[] {
    return [...this.state, this.spare];
  }

  /** Continue from a state that `save` gave. */
  static restore(saved: readonly number[]): Random {
    const random = new Random(0);
    for (let i = 0; i < 4; i++) random.state[i] = saved[i]!;
    random.spare = saved[4]!;
    return random;
  }
}
