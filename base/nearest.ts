/** Edit distance (Levenshtein) between two short strings. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}

/** The candidate most like `found`, or undefined when none is near (more than half the letters differ). */
export function nearest(found: string, candidates: readonly string[]): string | undefined {
  const scored = candidates.map((name) => ({
    name,
    distance: editDistance(found.toLowerCase(), name.toLowerCase()),
  }));
  scored.sort((x, y) => x.distance - y.distance);
  const best = scored[0];
  return best !== undefined && best.distance <= Math.max(1, found.length / 2) ? best.name : undefined;
}

/** `did you mean "…"?`, or the list of what there is. */
export function suggest(found: string, candidates: readonly string[]): string {
  const best = nearest(found, candidates);
  return best === undefined ? `known are: ${candidates.join(", ")}` : `did you mean "${best}"?`;
}
