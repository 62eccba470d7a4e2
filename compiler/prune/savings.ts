import { firstGate, gateCount, type Netlist } from "../ir/netlist.js";
import { applySubstitutions, type Substitution } from "./substitution.js";

/** What a gate was replaced by; `function`: by another function of nodes before it, where the data leaves it free. */
export const SAVINGS = ["constant", "input", "gate", "function"] as const;

export interface Saving {
  readonly kind: (typeof SAVINGS)[number];
  readonly substitutions: number;
  /** How many more of them go if these are made beside those of the kinds before; in rare cases fewer. */
  readonly gates: number;
}

/** What substitutions saved, by kind; the gates add up to all that went. */
export function savingsOf(core: Netlist, list: readonly Substitution[]): Saving[] {
  const left = (kinds: number): number =>
    gateCount(
      applySubstitutions(
        core,
        list.filter((made) => indexOf(core, made) < kinds),
      ).core,
    );
  const steps = [gateCount(core), ...SAVINGS.map((_, i) => left(i + 1))];
  return SAVINGS.map((kind, i) => ({
    kind,
    substitutions: list.filter((made) => indexOf(core, made) === i).length,
    gates: steps[i]! - steps[i + 1]!,
  }));
}

function indexOf(core: Netlist, { literal, definition }: Substitution): number {
  const kind = definition !== undefined ? "function" : literal < 2 ? "constant" : "gate";
  const isInput = kind === "gate" && literal >>> 1 < firstGate(core);
  return SAVINGS.indexOf(isInput ? "input" : kind);
}
