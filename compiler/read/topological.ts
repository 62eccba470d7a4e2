/** Definitions and what they read, as compressed rows. */
export interface Dependencies {
  /** Row `d` is `reads[start[d] .. start[d + 1]]`. */
  readonly start: Uint32Array;
  /** Numbers of definitions; -1 for what needs none, such as a primary input. */
  readonly reads: Int32Array;
}

/**
 * An order in which every definition comes after those that it reads: that of the file where it is one already.
 *
 * @returns shape `[definitions]`, or a definition that depends on itself.
 * @remarks Linear in time, no recursion: a chain of a million gates is a chain, not a stack overflow.
 */
export function topologicalOrder({
  start,
  reads,
}: Dependencies): { readonly order: Uint32Array } | { readonly cycle: number } {
  const count = start.length - 1;
  const order = new Uint32Array(count);
  // 0 not seen, 1 on the path, 2 done.
  const state = new Uint8Array(count);
  const path = new Uint32Array(count);
  const next = start.slice(0, count);
  let done = 0;
  for (let root = 0; root < count; root++) {
    if (state[root] !== 0) continue;
    let depth = 0;
    path[depth++] = root;
    state[root] = 1;
    while (depth > 0) {
      const d = path[depth - 1]!;
      if (next[d]! === start[d + 1]!) {
        state[d] = 2;
        order[done++] = d;
        depth--;
        continue;
      }
      const read = reads[next[d]!++]!;
      if (read < 0 || state[read] === 2) continue;
      if (state[read] === 1) return { cycle: read };
      state[read] = 1;
      path[depth++] = read;
    }
  }
  return { order };
}
