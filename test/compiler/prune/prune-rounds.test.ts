import { expect, test } from "vitest";
import { Random } from "../../../base/random.js";
import type { Design } from "../../../compiler/ir/design.js";
import { EditableNetlist } from "../../../compiler/ir/editable-netlist.js";
import type { GateKind } from "../../../compiler/ir/gate-functions.js";
import type { Literal } from "../../../compiler/ir/literal.js";
import { firstGate, gateCount, liveGates, nodeCount } from "../../../compiler/ir/netlist.js";
import { classScores } from "../../../compiler/ir/readout.js";
import { chooseRound } from "../../../compiler/prune/choose-round.js";
import { literally, substitutionsOf, trimsOf } from "../../../compiler/prune/edits.js";
import { fitOffsets } from "../../../compiler/prune/fit-offsets.js";
import { prunedBy, pruneRounds } from "../../../compiler/prune/prune-rounds.js";
import { RANKINGS, type Ranking } from "../../../compiler/prune/ranking.js";
import { References } from "../../../compiler/prune/references.js";
import {
  applySubstitutions,
  type GateDefinition,
  rewire,
  type Substitution,
} from "../../../compiler/prune/substitution.js";
import { translate } from "../../../compiler/prune/translate.js";
import { predict, simulate } from "../../../compiler/simulate/bit-parallel.js";
import { simulationModule } from "../../../src/simulate/module.js";
import { randomDesign, seeds } from "../../support/random-design.js";
import { randomSubstitution } from "../../support/random-substitution.js";
import { allPatterns, sameFunction } from "../../support/same-function.js";

/** A design without gates that no output sees, and its own classes of all patterns as labels. */
function selfLabelled(seed: number, gates = 80): { design: Design; data: ReturnType<typeof labelled> } {
  const drawn = randomDesign(seed, { inputs: 8, gates, outputs: 12, classes: 3 });
  const design = { ...drawn, core: applySubstitutions(drawn.core, []).core };
  return { design, data: labelled(design) };
}

const labelled = (design: Design) => {
  const bits = allPatterns(design.core.inputs);
  return { samples: 256, bits, labels: predict(design, bits, 256) };
};

const scoresOf = ({ core, readout }: Design, bits: readonly Uint32Array[]): Int32Array =>
  classScores(readout, simulate(core, bits, 8), 256);

const optionsFor = (ranking: Ranking, { data }: { data: ReturnType<typeof labelled> }, seed: number) => ({
  ranking,
  data,
  temperature: 1,
  seed,
  drawn: 200,
  share: 0.15,
  strengths: Float64Array.from({ length: 80 }, (_, g) => (g * 37) % 80),
  module: simulationModule(),
  dontCares: true,
});

test.each(RANKINGS)("%s: every round is the literal rewiring by its list, and smaller", (ranking) => {
  for (const seed of seeds(4)) {
    const given = selfLabelled(seed);
    const { core } = given.design;
    let before = gateCount(core);
    for (const { list: edits, design } of pruneRounds(given.design, optionsFor(ranking, given, seed))) {
      const list = substitutionsOf(edits);
      expect(list).toEqual(edits);
      expect(sameFunction(rewire(core, list), design.core)).toBe(true);
      expect(applySubstitutions(core, list).core).toEqual(design.core);
      expect(gateCount(design.core)).toBeLessThan(before);
      before = gateCount(design.core);
    }
    expect(before).toBe(0);
  }
});

test.each(seeds(6))("trims and substitutions mean what they say, in the first design (seed %i)", (seed) => {
  const given = selfLabelled(seed);
  const votes = ({ core }: Design): number => core.outputs.filter((literal) => literal > 1).length;
  let before = votes(given.design);
  let trimmed = 0;
  for (const { list, design } of pruneRounds(given.design, {
    ...optionsFor("distortion", given, seed),
    trimFor: 6,
  })) {
    const literal = literally(given.design, list);
    expect(sameFunction(literal.core, design.core)).toBe(true);
    expect(prunedBy(given.design, list, optionsFor("distortion", given, seed)).core).toEqual(design.core);
    const gone = trimsOf(list).map(({ vote }) => design.core.outputs[vote]);
    expect(gone.every((output) => output === 0)).toBe(true);
    expect(gone.length).toBeGreaterThanOrEqual(trimmed);
    expect(votes(design)).toBeLessThanOrEqual(before);
    [before, trimmed] = [votes(design), gone.length];
  }
  expect(trimmed).toBeGreaterThan(2);
});

test("gates are defined anew where that frees others, and only if it is asked for", () => {
  const anew = (dontCares: boolean): number => {
    let sum = 0;
    for (const seed of seeds(4)) {
      const given = selfLabelled(seed, 160);
      const rounds = [...pruneRounds(given.design, { ...optionsFor("distortion", given, seed), dontCares })];
      sum += substitutionsOf(rounds.at(-1)!.list).filter(({ definition }) => definition !== undefined).length;
    }
    return sum;
  };
  expect(anew(true)).toBeGreaterThan(10);
  expect(anew(false)).toBe(0);
});

test.each(seeds(10))("a round means in the first netlist what it means in the last (seed %i)", (seed) => {
  const { core } = selfLabelled(seed).design;
  const random = Random.forPurpose(seed, "rounds");
  const list: Substitution[] = [];
  let at = applySubstitutions(core, list);
  for (let round = 0; round < 4; round++) {
    const chosen: Substitution[] = [];
    for (let node = firstGate(at.core); node < nodeCount(at.core); node++)
      if (random.below(8) === 0) chosen.push(randomSubstitution(random, node));
    const further = translate(core, at, list, chosen);
    const expected = applySubstitutions(at.core, chosen).core;
    list.push(...further);
    at = applySubstitutions(core, list);
    expect(sameFunction(at.core, expected)).toBe(true);
  }
});

test("within a round no substitute is substituted", () => {
  const { design } = selfLabelled(5);
  const { core } = design;
  const first = firstGate(core);
  // Each gate by the ninth before it, the highest first: chains if it were let.
  const nodes = Array.from({ length: gateCount(core) - 1 }, (_, g) => first + gateCount(core) - 1 - g);
  const scored = {
    node: Uint32Array.from(nodes),
    literal: Uint32Array.from(nodes, (node) => 2 * Math.max(1, node - 9)),
    score: Float64Array.from(nodes, (_, i) => i),
    definitions: new Map(),
  };
  const chosen = chooseRound(core, scored, new References(core), gateCount(core));
  const substitutes = new Set(chosen.map(({ literal }) => literal >>> 1));
  expect(chosen.length).toBeGreaterThan(3);
  expect(chosen.filter(({ node }) => substitutes.has(node))).toEqual([]);
});

test("a gate is defined anew only where that frees others", () => {
  const { core } = selfLabelled(5).design;
  const first = firstGate(core);
  const gates = Array.from({ length: gateCount(core) }, (_, g) => g);
  const chosen = (sources: (g: number) => readonly [number, number]) => {
    const nodes = gates.map((g) => first + g);
    const definitions = gates.map((g): [number, GateDefinition] => {
      const [fanin0, fanin1] = sources(g);
      return [g, { kind: core.kind[g] as GateKind, fanin0: fanin0 as Literal, fanin1: fanin1 as Literal }];
    });
    const scored = {
      node: Uint32Array.from(nodes),
      literal: Uint32Array.from(nodes, (node) => 2 * node),
      score: Float64Array.from(nodes, (node) => -node),
      definitions: new Map(definitions),
    };
    return chooseRound(core, scored, new References(core), gateCount(core));
  };
  // What it reads now frees nothing; two inputs instead free what it alone read.
  expect(chosen((g) => [core.fanin0[g]!, core.fanin1[g]!])).toEqual([]);
  expect(chosen(() => [2, 4]).length).toBeGreaterThan(0);
});

test("offsets are fitted: a class that was given too much loses it", () => {
  const { design, data } = selfLabelled(8);
  const offset = design.readout.offset.map((o, c) => o + (c === 1 ? 9 : 0));
  const spoilt = { ...design, readout: { ...design.readout, offset } };
  const right = (of: Design): number =>
    predict(of, data.bits, 256).reduce((n, cls, s) => n + Number(cls === data.labels[s]), 0);
  const scores = scoresOf(spoilt, data.bits);
  const fitted = fitOffsets(spoilt, scores, data.labels, 1);
  expect(scores).toEqual(scoresOf(fitted, data.bits));
  expect(right(spoilt)).toBeLessThan(200);
  expect(right(fitted)).toBeGreaterThan(right(spoilt));
  expect(fitted.core).toBe(spoilt.core);
});

test("the same seed gives the same list", () => {
  const lists = [1, 1, 2].map((seed) => {
    const given = selfLabelled(3);
    return [...pruneRounds(given.design, optionsFor("distortion", given, seed))].at(-1)!.list;
  });
  expect(lists[0]).toEqual(lists[1]);
  expect(lists[0]).not.toEqual(lists[2]);
});

test("rankings keep more of the decisions than random merges", () => {
  const right = (ranking: Ranking): number => {
    let sum = 0;
    for (const seed of seeds(6)) {
      const given = selfLabelled(seed, 160);
      for (const { design } of pruneRounds(given.design, optionsFor(ranking, given, seed))) {
        if (gateCount(design.core) > gateCount(given.design.core) / 2) continue;
        const found = predict(design, given.data.bits, 256);
        sum += found.reduce((n, cls, s) => n + Number(cls === given.data.labels[s]), 0);
        break;
      }
    }
    return sum;
  };
  const random = right("random");
  for (const ranking of ["similarity", "distortion", "observability"] as const)
    expect([ranking, right(ranking) > random]).toEqual([ranking, true]);
});

test.each(seeds(20))("references: cones and freed gates are those of the netlist (seed %i)", (seed) => {
  const { design } = selfLabelled(seed);
  const { core } = design;
  const references = new References(core);
  const editable = new EditableNetlist(core);
  for (let node = firstGate(core); node < nodeCount(core); node++)
    expect(references.cone(node).length).toBe(editable.fanoutFreeCone(node).length);
  const random = new Random(seed);
  const list: Substitution[] = [];
  const live = (): number => liveGates(rewire(core, list)).reduce((sum, x) => sum + x, 0);
  let left = live();
  const read = new Set<number>();
  for (let turn = 0; turn < 24; turn++) {
    const node = firstGate(core) + random.below(gateCount(core));
    const chosen = randomSubstitution(random, node);
    const { definition, literal } = chosen;
    const by = (definition === undefined ? [literal] : [definition.fanin0, definition.fanin1]).map(
      (source) => source >>> 1,
    );
    if (read.has(node) || ![node, ...by].every((other) => references.isThere(other))) continue;
    if (definition !== undefined) {
      const would = references.freedBy(node, by[0]!, by[1]!);
      expect(references.freedBy(node, by[0]!, by[1]!)).toBe(would);
    }
    const freed =
      definition === undefined
        ? references.substitute(node, by[0]!)
        : references.redefine(node, by[0]!, by[1]!);
    list.push(chosen);
    for (const source of by) read.add(source);
    expect(live()).toBe(left - freed);
    left -= freed;
  }
  expect(list.length).toBeGreaterThan(2);
});
