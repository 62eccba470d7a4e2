import type { Design } from "../ir/design.js";
import { type Trim, trimLiterally } from "./readout-trim.js";
import { applySubstitutions, rewire, type Substituted, type Substitution } from "./substitution.js";

/** A step of pruning, as data. */
export type Edit = Substitution | Trim;

export const substitutionsOf = (edits: readonly Edit[]): Substitution[] =>
  edits.filter((edit): edit is Substitution => "node" in edit);

export const trimsOf = (edits: readonly Edit[]): Trim[] =>
  edits.filter((edit): edit is Trim => "vote" in edit);

/** What edits mean: readers rewired, votes gone, nothing simplified. What `applyEdits` gives is proved against it. */
export const literally = (design: Design, edits: readonly Edit[]): Design =>
  trimLiterally({ ...design, core: rewire(design.core, substitutionsOf(edits)) }, trimsOf(edits));

/** Apply edits; outputs keep their places. @returns the design, and where its gates went. */
export function applyEdits(
  design: Design,
  edits: readonly Edit[],
): { readonly design: Design; readonly moved: Substituted } {
  const trimmed = trimLiterally(design, trimsOf(edits));
  const moved = applySubstitutions(trimmed.core, substitutionsOf(edits));
  return { design: { ...trimmed, core: moved.core }, moved };
}
