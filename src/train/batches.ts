import { Random } from "../../base/random.js";
import { type LabelledBits, sampleRows, transpose32 } from "./training-data.js";

/** Where a batch source is; enough to go on from. */
export interface BatchCursor {
  readonly random: readonly number[];
  readonly order: Uint32Array;
  readonly next: number;
}

/** Endless batches: every sample once an epoch, in an order drawn anew each time. */
export class BatchSource {
  /** Words per node: 32 samples each, the last padded with zeros. */
  readonly words: number;
  /** Shape `[encoder bits, words]` of the present batch. */
  readonly bits: Uint32Array;
  /** Shape `[batch]` of the present batch. */
  readonly labels: Uint16Array;
  private readonly rows: Uint32Array;
  private readonly rowWords: number;
  private readonly block = new Uint32Array(32);
  private random: Random;
  private order: Uint32Array;
  private position = 0;

  constructor(
    private readonly data: LabelledBits,
    readonly batch: number,
    seed: number,
  ) {
    this.words = Math.ceil(batch / 32);
    this.bits = new Uint32Array(data.bits.length * this.words);
    this.labels = new Uint16Array(batch);
    this.rows = sampleRows(data);
    this.rowWords = Math.ceil(data.bits.length / 32);
    this.random = Random.forPurpose(seed, "batches");
    this.order = this.random.shuffle(Uint32Array.from({ length: data.samples }, (_, s) => s));
  }

  /** Load the next batch. */
  next(): void {
    const chosen = new Uint32Array(this.batch);
    for (let i = 0; i < this.batch; i++) {
      if (this.position === this.order.length) {
        this.random.shuffle(this.order);
        this.position = 0;
      }
      chosen[i] = this.order[this.position++]!;
      this.labels[i] = this.data.labels[chosen[i]!]!;
    }
    const inputs = this.data.bits.length;
    for (let w = 0; w < this.words; w++) {
      for (let column = 0; column < this.rowWords; column++) {
        for (let s = 0; s < 32; s++) {
          const sample = chosen[32 * w + s];
          this.block[s] = sample === undefined ? 0 : this.rows[sample * this.rowWords + column]!;
        }
        transpose32(this.block);
        const upTo = Math.min(32, inputs - 32 * column);
        for (let j = 0; j < upTo; j++) this.bits[(32 * column + j) * this.words + w] = this.block[j]!;
      }
    }
  }

  save(): BatchCursor {
    return { random: this.random.save(), order: this.order.slice(), next: this.position };
  }

  restore(cursor: BatchCursor): void {
    this.random = Random.restore(cursor.random);
    this.order = cursor.order.slice();
    this.position = cursor.next;
  }
}
