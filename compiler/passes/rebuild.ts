import type { Design } from "../ir/design.js";
import { type Literal, literalOf, notIf } from "../ir/literal.js";
import { firstGate, gateCount, originOf } from "../ir/netlist.js";
import { type BuilderOptions, NetlistBuilder } from "../ir/netlist-builder.js";

/**
 * Build the core again, gate by gate, with what the builder's options simplify.
 *
 * @param keep whether gate `g` is to be built; the others must not be read by those that are.
 */
export function rebuild(
  design: Design,
  options: BuilderOptions,
  keep: (g: number) => boolean = () => true,
): Design {
  const { core } = design;
  const builder = new NetlistBuilder(core.inputs, options);
  const moved = new Uint32Array(firstGate(core) + gateCount(core));
  for (let i = 0; i <= core.inputs; i++) moved[i] = literalOf(i);
  const at = (literal: number): Literal => notIf(moved[literal >>> 1]! as Literal, (literal & 1) === 1);
  for (let g = 0; g < core.kind.length; g++) {
    if (!keep(g)) continue;
    const kind = core.kind[g]! as 0 | 1;
    moved[firstGate(core) + g] = builder.gate(
      kind,
      at(core.fanin0[g]!),
      at(core.fanin1[g]!),
      originOf(core, g),
    );
  }
  return { ...design, core: builder.finish(Array.from(core.outputs, at)) };
}

/** Gates by which the core shrank. */
export const removed = (before: Design, after: Design): number =>
  gateCount(before.core) - gateCount(after.core);
