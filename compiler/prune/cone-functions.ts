import { GATE_FORMS } from "../ir/gate-functions.js";
import { FALSE, type Literal, literalOf, notIf, TRUE } from "../ir/literal.js";
import type { Scored } from "./choose-round.js";
import type { Cone, Table } from "./cones.js";
import type { GateDefinition } from "./substitution.js";

/** Patterns of a cone's leaves. */
export const PATTERNS = 64;

/** What stands for a cone's gate, and what flips that weighs over the training samples. */
interface Found {
  readonly harm: number;
  readonly literal: Literal;
  readonly definition?: GateDefinition;
}

/**
 * Substitutes of cones by what their leaves' patterns weigh in the training data: those that never occur there are free, a
 * satisfiability don't-care in the data's sense (as NullaNet takes it: Nazemi et al., ASP-DAC 2019), and rare ones are
 * cheap. Of each cone the least harmful literal, and the least harmful gate of two of its nodes.
 *
 * @param weights shape `[cones, 64]`: over the samples with each pattern of the leaves, the weights of flips of the gate.
 */
export function coneFunctions(cones: readonly Cone[], weights: Float64Array): Scored {
  const found = cones.flatMap((cone, i) => {
    const data = dataOf(cone, weights.subarray(PATTERNS * i, PATTERNS * (i + 1)));
    return [bestLiteral(cone, data), bestGate(cone, data)]
      .filter((best) => best !== null)
      .map((best) => ({ node: cone.node, ...best }));
  });
  return {
    node: Uint32Array.from(found, ({ node }) => node),
    literal: Uint32Array.from(found, ({ literal }) => literal),
    score: Float64Array.from(found, ({ harm }) => harm),
    definitions: new Map(
      found.flatMap(({ definition }, i) => (definition === undefined ? [] : [[i, definition] as const])),
    ),
  };
}

/** A cone on the patterns that occur, each of some weight. */
interface ConeData {
  readonly weight: Float64Array;
  /** Shape `[patterns]`: the gate's bits; shape `[divisors][patterns]`: those of what may stand for it. */
  readonly own: Uint8Array;
  readonly rows: readonly Uint8Array[];
  readonly zero: Uint8Array;
}

function dataOf({ table, divisors }: Cone, weights: Float64Array): ConeData {
  const occurring: number[] = [];
  for (let p = 0; p < PATTERNS; p++) if (weights[p] !== 0) occurring.push(p);
  const bitsOf = (of: Table): Uint8Array =>
    Uint8Array.from(occurring, (p) => (of[p < 32 ? 0 : 1] >>> (p & 31)) & 1);
  return {
    weight: Float64Array.from(occurring, (p) => weights[p]!),
    own: bitsOf(table),
    rows: divisors.map((divisor) => bitsOf(divisor.table)),
    zero: new Uint8Array(occurring.length),
  };
}

/** Weights by the values of two rows and the gate's own: sum `4 a + 2 b + own`. The hot loop. */
function sumsBy({ weight, own }: ConeData, a: Uint8Array, b: Uint8Array): Float64Array {
  const sums = new Float64Array(8);
  for (let i = 0; i < own.length; i++) sums[4 * a[i]! + 2 * b[i]! + own[i]!]! += weight[i]!;
  return sums;
}

function bestLiteral(cone: Cone, data: ConeData): Found {
  const constant = sumsBy(data, data.zero, data.zero);
  let best: Found = {
    harm: Math.min(constant[0]!, constant[1]!),
    literal: constant[1]! > constant[0]! ? TRUE : FALSE,
  };
  cone.divisors.forEach(({ node }, i) => {
    if (node === 0) return;
    const sums = sumsBy(data, data.zero, data.rows[i]!);
    for (const complement of [false, true]) {
      const harm = complement ? sums[0]! + sums[3]! : sums[1]! + sums[2]!;
      if (harm < best.harm) best = { harm, literal: literalOf(node, complement) };
    }
  });
  return best;
}

function bestGate(cone: Cone, data: ConeData): Found | null {
  let best: Found | null = null;
  for (let i = 1; i < cone.divisors.length; i++) {
    for (let j = 0; j < i; j++) {
      const sums = sumsBy(data, data.rows[i]!, data.rows[j]!);
      let [f, harm] = [0, 0];
      for (let value = 0; value < 4; value++) {
        const [off, on] = [sums[2 * value]!, sums[2 * value + 1]!];
        if (on > off) f |= 8 >> value;
        harm += Math.min(off, on);
      }
      const { form } = GATE_FORMS[f]!;
      if (form.tag !== "gate" || (best !== null && harm >= best.harm)) continue;
      const [a, b] = [cone.divisors[i]!.node, cone.divisors[j]!.node];
      best = {
        harm,
        literal: literalOf(cone.node, form.complementOutput),
        definition: {
          kind: form.kind,
          fanin0: notIf(literalOf(a), form.complementA),
          fanin1: notIf(literalOf(b), form.complementB),
        },
      };
    }
  }
  return best;
}
