import { Random } from "../../base/random.js";
import { type LutNetlist, MAX_LUT_INPUTS } from "../ir/lut-netlist.js";
import { type Netlist, nodeCount } from "../ir/netlist.js";
import { Cover } from "./cover.js";
import { CutSets } from "./cut-sets.js";
import { extractLuts } from "./extract-luts.js";

/** Cuts kept of a node: more finds no better mappings and takes quadratically longer. */
const CUTS = 8;
/** Rounds of enumeration, each with the reader counts of the mapping before blended in. */
const ROUNDS = 2;
/** Sweeps by exact area in a round. */
const ROUND_SWEEPS = 2;

/** Half the range of a random word. */
const HALF = 0x8000_0000;

export interface MapOptions {
  /** The most inputs of a LUT, 2 to 6. */
  readonly k: number;
  /** Further sweeps that choose at random among cuts of equal area: more finds fewer LUTs, in linear time. */
  readonly sweeps?: number;
  readonly seed?: number;
}

/**
 * Map a netlist to look-up tables, for the fewest of them.
 *
 * Cuts are ranked by area flow and then chosen by exact area, of equally good ones in the end those of fewest leaves. Inverters cost nothing; functions that turn out to be
 * wires or constants need no LUT.
 *
 * @throws {RangeError} unless 2 <= k <= 6.
 * @remarks Deterministic. Gates that no output reads are not mapped. Fold and hash the netlist first: the mapper does
 *   not look for equal gates.
 */
export function mapLuts(netlist: Netlist, { k, sweeps = 48, seed = 1 }: MapOptions): LutNetlist {
  if (!(Number.isInteger(k) && k >= 2 && k <= MAX_LUT_INPUTS)) {
    throw new RangeError(`expected 2 <= k <= ${MAX_LUT_INPUTS} but found ${k}`);
  }
  const cuts = new CutSets(netlist, k, CUTS);
  const cover = new Cover(netlist, cuts);
  const expected = fanoutCounts(netlist);
  for (let round = 0; round < ROUNDS; round++) {
    cuts.enumerate(expected);
    cover.chooseByFlow();
    for (let sweep = 0; sweep < ROUND_SWEEPS; sweep++) cover.chooseByArea();
    for (let n = 0; n < expected.length; n++) {
      expected[n] = Math.max(1, (expected[n]! + 2 * cover.references[n]!) / 3);
    }
  }
  const random = Random.forPurpose(seed, "map-luts");
  // A walk over the plateau of equal areas finds ways down from it.
  for (let sweep = 0; sweep < sweeps; sweep++) cover.chooseByArea(() => random.uint32() < HALF);
  cover.chooseByArea((slot, held) => cuts.size[slot]! < cuts.size[held]!);
  return extractLuts(netlist, cuts, cover);
}

/** Readers of every node, at least 1. */
function fanoutCounts(netlist: Netlist): Float64Array {
  const readers = new Float64Array(nodeCount(netlist));
  for (let g = 0; g < netlist.kind.length; g++) {
    readers[netlist.fanin0[g]! >>> 1]!++;
    readers[netlist.fanin1[g]! >>> 1]!++;
  }
  for (const output of netlist.outputs) readers[output >>> 1]!++;
  return readers.map((count) => Math.max(1, count));
}
