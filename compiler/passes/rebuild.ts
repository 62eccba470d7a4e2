import type { Design } from "../ir/design.js";
import { gateCount } from "../ir/netlist.js";
import type { BuilderOptions } from "../ir/netlist-builder.js";
import { rebuildNetlist } from "../ir/rebuild-netlist.js";

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
  const { netlist } = rebuildNetlist(design.core, options, (g) => (keep(g) ? undefined : null));
  return { ...design, core: netlist };
}

/** Gates by which the core shrank. */
export const removed = (before: Design, after: Design): number =>
  gateCount(before.core) - gateCount(after.core);
