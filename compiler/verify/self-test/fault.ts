import type { Random } from "../../../base/random.js";

/** One kind of single fault. */
export interface FaultKind<T> {
  /** Such as `inverted output`. */
  readonly name: string;
  /** A copy of the subject with one fault of this kind, and where it is; null where there is nothing to spoil. */
  plant(subject: T, random: Random): { readonly what: string; readonly faulty: T } | null;
}

/**
 * What came of a planted fault. `caught` and `harmless` are as it should be; `missed` is a fault that changes the
 * function but was let through, `false alarm` one that does not but was refused, `undecided` ran out of its budget.
 */
export type Outcome = "caught" | "harmless" | "missed" | "false alarm" | "undecided";

/**
 * @param verdict what the check under test says of the faulty thing.
 * @param differs whether the fault changes the function, by means that share nothing with that check.
 */
export function judge(verdict: "proved" | "refuted" | "unknown", differs: boolean): Outcome {
  if (verdict === "unknown") return "undecided";
  if (verdict === "refuted") return differs ? "caught" : "false alarm";
  return differs ? "missed" : "harmless";
}

/** `count` faults, the kinds in turn, as far as there is something to spoil. */
export function* plantFaults<T>(
  kinds: readonly FaultKind<T>[],
  subject: T,
  count: number,
  random: Random,
): Generator<{ readonly kind: string; readonly what: string; readonly faulty: T }> {
  let planted = 0;
  while (planted < count) {
    const before = planted;
    for (const kind of kinds) {
      if (planted === count) return;
      const fault = kind.plant(subject, random);
      if (fault === null) continue;
      planted++;
      yield { kind: kind.name, ...fault };
    }
    if (planted === before) return;
  }
}

/** One of several. */
export const pick = <T>(items: ArrayLike<T>, random: Random): T => items[random.below(items.length)]!;
