/** No class. */
const NONE = -1;
/** Undecided members that a class keeps. */
const MOST_UNDECIDED = 256;

/** Nodes of a class that have one value. */
interface Group {
  readonly visited: number[];
  readonly members: number[];
}

/**
 * Candidate classes: nodes that agreed, up to complement, on every pattern so far. A class has a leader, its lowest
 * node, members that are still to be compared with it, in ascending order, and between them those of which it stayed
 * unknown whether they are equal to the leader.
 */
export class CandidateClasses {
  /** Shape `[nodes]`: 1 where the node's value is compared complemented. */
  readonly phase: Uint8Array;
  private readonly classOf: Int32Array;
  private readonly leaders: number[] = [];
  private readonly start: number[] = [];
  private readonly end: number[] = [];
  /** Members of all classes, each class in one run. */
  private readonly members: Int32Array;
  /** Visited members that are neither equal to their leader nor told apart from it, ascending, of the classes that have any. */
  private readonly undecided = new Map<number, number[]>();
  /** Classes that had members when last looked at. */
  private active: number[] = [];

  /** @param hashes two words of signature per node; nodes with equal words start in one class. */
  constructor(nodes: number, hashes: readonly [Int32Array, Int32Array], phase: Uint8Array) {
    this.phase = phase;
    this.classOf = new Int32Array(nodes).fill(NONE);
    this.members = new Int32Array(nodes);
    const order = groupedByHash(nodes, hashes);
    let at = 0;
    for (let from = 0, to = 0; from < nodes; from = to) {
      const leader = order[from]!;
      for (to = from + 1; to < nodes && same(hashes, order[to]!, leader); ) to++;
      if (to - from === 1) continue;
      this.members.set(order.subarray(from + 1, to), at);
      this.open(leader, at, at + to - from - 1);
      at += to - from - 1;
    }
  }

  private open(leader: number, start: number, end: number): void {
    const c = this.leaders.length;
    this.leaders.push(leader);
    this.start.push(start);
    this.end.push(end);
    this.classOf[leader] = c;
    for (let k = start; k < end; k++) this.classOf[this.members[k]!] = c;
    if (end > start) this.active.push(c);
  }

  /** The leader that a node is to be compared with, or -1. */
  leaderOf(node: number): number {
    const c = this.classOf[node]!;
    return c === NONE || this.leaders[c] === node ? NONE : this.leaders[c]!;
  }

  /** What else a member may be equal to: earlier ones of its class of which it is unknown whether they are the leader. */
  undecidedBefore(node: number): readonly number[] {
    return this.undecided.get(this.classOf[node]!) ?? [];
  }

  /** A member was dealt with: it is its class's first. */
  settle(node: number): void {
    this.start[this.classOf[node]!]!++;
    this.classOf[node] = NONE;
  }

  /** As `settle`, when it stays unknown what the member is equal to. */
  leaveUndecided(node: number): void {
    const c = this.classOf[node]!;
    const undecided = this.undecided.get(c) ?? [];
    if (undecided.length < MOST_UNDECIDED) this.undecided.set(c, [...undecided, node]);
    this.settle(node);
  }

  /** Split every class by the value of its nodes in 32 more patterns. */
  refine(values: Uint32Array): void {
    const classes = this.active;
    this.active = [];
    for (const c of classes) {
      if (this.start[c]! === this.end[c]!) continue;
      const word = this.word(values, this.leaders[c]!);
      const agrees = (node: number): boolean => this.word(values, node) === word;
      let k = this.start[c]!;
      while (k < this.end[c]! && agrees(this.members[k]!)) k++;
      if (k < this.end[c]! || this.undecided.get(c)?.every(agrees) === false) this.split(c, values);
      if (this.start[c]! < this.end[c]!) this.active.push(c);
    }
  }

  private word(values: Uint32Array, node: number): number {
    return values[node]! ^ -this.phase[node]!;
  }

  private split(c: number, values: Uint32Array): void {
    const [start, end] = [this.start[c]!, this.end[c]!];
    const undecided = this.undecided.get(c) ?? [];
    const groups = new Map<number, Group>();
    const groupOf = (node: number): Group => {
      const word = this.word(values, node);
      const group = groups.get(word) ?? { visited: [], members: [] };
      groups.set(word, group);
      return group;
    };
    const own = groupOf(this.leaders[c]!);
    for (const node of undecided) groupOf(node).visited.push(node);
    for (const node of this.members.subarray(start, end)) groupOf(node).members.push(node);
    this.members.set(own.members, start);
    this.end[c] = start + own.members.length;
    if (undecided.length > 0) this.undecided.set(c, own.visited);
    let at = this.end[c]!;
    for (const group of groups.values()) {
      if (group === own) continue;
      const [leader, ...others] = [...group.visited, ...group.members] as [number, ...number[]];
      const rest = group.visited.length === 0 ? others : group.members;
      this.members.set(rest, at);
      if (group.visited.length > 1) this.undecided.set(this.leaders.length, group.visited.slice(1));
      this.open(leader, at, at + rest.length);
      at += rest.length;
    }
  }
}

const same = ([h, k]: readonly [Int32Array, Int32Array], a: number, b: number): boolean =>
  h[a] === h[b] && k[a] === k[b];

/** All nodes, those with equal hashes together, ascending among themselves. */
function groupedByHash(nodes: number, [h, k]: readonly [Int32Array, Int32Array]): Uint32Array {
  // 53 bits of both hashes as one number sort fast; what that confuses, the full hashes keep apart.
  const keys = new Float64Array(nodes);
  for (let n = 0; n < nodes; n++) keys[n] = (h[n]! >>> 0) * 0x20_0000 + (k[n]! >>> 11);
  return Uint32Array.from({ length: nodes }, (_, n) => n).sort((a, b) => keys[a]! - keys[b]! || a - b);
}
