import { grown } from "./grow.js";

/** Activities above this are scaled down. */
const LARGEST = 1e100;
const DECAY = 0.95;

/**
 * The variables to decide, most active first: VSIDS (Moskewicz et al., "Chaff", 2001) with exponential decay as in
 * MiniSat, in a binary heap. Ties are broken by place, so runs repeat.
 */
export class DecisionHeap {
  private heap = new Int32Array(32);
  private size = 0;
  /** Place in the heap plus one; 0 when not in it. */
  private place = new Int32Array(32);
  private activity = new Float64Array(32);
  private increment = 1;

  ensure(variables: number): void {
    if (variables < this.place.length) return;
    this.heap = grown(this.heap, variables + 1);
    this.place = grown(this.place, variables + 1);
    this.activity = grown(this.activity, variables + 1);
  }

  bump(variable: number): void {
    this.activity[variable]! += this.increment;
    if (this.activity[variable]! > LARGEST) this.rescale();
    if (this.place[variable] !== 0) this.up(this.place[variable]! - 1);
  }

  decay(): void {
    this.increment /= DECAY;
  }

  private rescale(): void {
    for (let v = 0; v < this.activity.length; v++) this.activity[v]! /= LARGEST;
    this.increment /= LARGEST;
  }

  clear(): void {
    for (let k = 0; k < this.size; k++) this.place[this.heap[k]!] = 0;
    this.size = 0;
  }

  insert(variable: number): void {
    if (this.place[variable] !== 0) return;
    this.put(this.size, variable);
    this.up(this.size++);
  }

  /** The most active variable, or 0 when there is none. */
  pop(): number {
    if (this.size === 0) return 0;
    const top = this.heap[0]!;
    this.place[top] = 0;
    const last = this.heap[--this.size]!;
    if (this.size > 0) {
      this.put(0, last);
      this.down(0);
    }
    return top;
  }

  private put(at: number, variable: number): void {
    this.heap[at] = variable;
    this.place[variable] = at + 1;
  }

  private up(from: number): void {
    const { heap, activity } = this;
    const variable = heap[from]!;
    const value = activity[variable]!;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (activity[heap[parent]!]! >= value) break;
      this.put(at, heap[parent]!);
      at = parent;
    }
    this.put(at, variable);
  }

  private down(from: number): void {
    const { heap, activity, size } = this;
    const variable = heap[from]!;
    const value = activity[variable]!;
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && activity[heap[child + 1]!]! > activity[heap[child]!]!) child++;
      if (activity[heap[child]!]! <= value) break;
      this.put(at, heap[child]!);
      at = child;
    }
    this.put(at, variable);
  }
}
