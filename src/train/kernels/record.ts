import { Arena, type ArenaArray, type Block } from "./arena.js";
import { kernelModule } from "./module.js";

type Values = () => ArrayLike<number>;

/**
 * The kernels' plan record being written: arrays are planned and named first, and filled once the arena has its memory.
 */
export class PlanRecord {
  readonly arena = new Arena(kernelModule().base);
  private readonly record = this.arena.plan(Uint32Array, kernelModule().field("PLAN_BYTES") / 4);
  private readonly fills: (() => void)[] = [];

  /** Address of the record. */
  get at(): number {
    return this.record.at;
  }

  /** Do something when there is memory. */
  later(fill: () => void): void {
    this.fills.push(fill);
  }

  set(name: string, value: number): void {
    this.later(() => {
      this.record.view()[kernelModule().field(name) / 4] = value;
    });
  }

  float(name: string, value: number): void {
    this.set(name, new Uint32Array(Float32Array.of(value).buffer)[0]!);
  }

  u8 = (name: string, length: number, values?: Values): Block<Uint8Array> =>
    this.named(name, this.arena.plan(Uint8Array, length), values);
  u32 = (name: string, length: number, values?: Values): Block<Uint32Array> =>
    this.named(name, this.arena.plan(Uint32Array, length), values);
  i32 = (name: string, length: number, values?: Values): Block<Int32Array> =>
    this.named(name, this.arena.plan(Int32Array, length), values);
  f32 = (name: string, length: number, values?: Values): Block<Float32Array> =>
    this.named(name, this.arena.plan(Float32Array, length), values);

  private named<T extends ArenaArray>(name: string, block: Block<T>, values?: Values): Block<T> {
    this.set(name, block.at);
    if (values !== undefined) this.later(() => block.view().set(values()));
    return block;
  }

  /** The memory, with everything filled in. @throws {UserError} if there is not enough of it. */
  finish(): WebAssembly.Memory {
    for (const fill of this.fills) fill();
    return this.arena.memory;
  }
}
