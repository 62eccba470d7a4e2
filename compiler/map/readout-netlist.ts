import { FALSE, type Literal, literalOf, notIf, TRUE } from "../ir/literal.js";
import type { Netlist } from "../ir/netlist.js";
import { HASHING, NetlistBuilder } from "../ir/netlist-builder.js";
import { addColumns } from "./add-columns.js";
import { type Chain, chainOperands } from "./counter.js";
import {
  type Comparison,
  type CounterCell,
  cellInputs,
  cellOutputs,
  type Match,
  type ReadoutCell,
  type ReadoutCircuit,
} from "./readout-circuit.js";

/** A full adder, or a half adder for two bits. */
const adder = (builder: NetlistBuilder) => (bits: readonly Literal[]) => {
  const [a, b, c = FALSE] = bits as [Literal, Literal, Literal?];
  const half = builder.xor(a, b);
  return { sum: builder.xor(half, c), carry: builder.mux(half, c, a) };
};

/** A readout circuit as gates: one input a vote, the class index as outputs, low bit first. */
export function readoutNetlist(circuit: ReadoutCircuit): Netlist {
  const { builder, at } = buildCells(circuit);
  return builder.finish(winnerIndex(builder, circuit.matches, at));
}

/** The nets that the cells drive, in ascending order, and a netlist with each of them as an output. */
export function readoutNets(circuit: ReadoutCircuit): { nets: readonly number[]; netlist: Netlist } {
  const { builder, at } = buildCells(circuit);
  const nets = circuit.cells.flatMap(cellOutputs).sort((a, b) => a - b);
  return { nets, netlist: builder.finish(nets.map((net) => at(literalOf(net)))) };
}

/** A cell alone as gates: its inputs in the order of `cellInputs`, each a net of its own. */
export function cellNetlist(cell: ReadoutCell): Netlist {
  const votes = cellInputs(cell).length;
  let net = 1;
  const own = (literals: readonly Literal[]): Literal[] => literals.map(() => literalOf(net++));
  const apart = (): ReadoutCell => {
    if (cell.tag === "counter") return { ...cell, inputs: cell.inputs.map(own) };
    if (cell.tag === "choice") return { ...cell, wins: own(cell.wins), sides: own(cell.sides) };
    const [a, b] = [own(cell.a), own(cell.b)];
    return { ...cell, a, b, below: cell.below === null ? null : literalOf(net++) };
  };
  const builder = new NetlistBuilder(votes, HASHING);
  return builder.finish(cellGates(builder, apart(), (literal) => literal));
}

/** Positions and outputs of a carry chain that is left out of a netlist. */
export interface CutChain {
  readonly positions: number;
  /** As many as positions, or one more: the carry out. */
  readonly outputs: number;
}

/**
 * A readout circuit as gates but for its carry chains: inputs are the votes and then what the chains give, outputs the
 * class index and then what they take, for each chain its carry in, what is added at each position, and the exclusive or
 * of that with what is counted there.
 */
export function cutReadoutNetlist(circuit: ReadoutCircuit): {
  readonly netlist: Netlist;
  readonly chains: readonly CutChain[];
} {
  const chains: CutChain[] = [];
  const taken: Literal[] = [];
  const outside = circuit.cells.reduce((sum, cell) => sum + (isChain(cell) ? cell.outputs.length : 0), 0);
  let next = circuit.votes;
  const { builder, at } = buildCells(circuit, outside, (cell, columns, onto) => {
    const { carryIn, added, counted } = chainOperands(cell.chain, columns, (own, width) =>
      addColumns(own, width, adder(onto), FALSE),
    );
    taken.push(carryIn ?? FALSE, ...added, ...added.map((bit, i) => onto.xor(bit, counted[i]!)));
    chains.push({ positions: added.length, outputs: cell.outputs.length });
    return cell.outputs.map(() => onto.input(next++));
  });
  const index = winnerIndex(builder, circuit.matches, at);
  return { netlist: builder.finish([...index, ...taken]), chains };
}

type ChainCell = CounterCell & { readonly chain: Chain };
const isChain = (cell: ReadoutCell): cell is ChainCell => cell.tag === "counter" && cell.chain !== null;

/** Gives a chain's outputs, for what its columns are. */
type BuildChain = (
  cell: ChainCell,
  columns: readonly (readonly Literal[])[],
  builder: NetlistBuilder,
) => Literal[];

/**
 * @param outside inputs beside the votes.
 * @param buildChain makes carry chains; without it they are adders like all else.
 */
function buildCells(
  { votes, cells }: ReadoutCircuit,
  outside = 0,
  buildChain?: BuildChain,
): {
  builder: NetlistBuilder;
  at: (literal: Literal) => Literal;
} {
  const builder = new NetlistBuilder(votes + outside, HASHING);
  /** Literal of every net of the circuit. */
  const nets = new Map<number, Literal>();
  for (let net = 0; net <= votes; net++) nets.set(net, literalOf(net));
  const at = (literal: Literal): Literal => notIf(nets.get(literal >>> 1)!, (literal & 1) === 1);
  for (const cell of cells) {
    const bits =
      buildChain !== undefined && isChain(cell)
        ? buildChain(
            cell,
            cell.inputs.map((column) => column.map(at)),
            builder,
          )
        : cellGates(builder, cell, at);
    cellOutputs(cell).forEach((net, k) => {
      nets.set(net, bits[k]!);
    });
  }
  return { builder, at };
}

/** The class index alone, from the results of match after match. */
export function indexNetlist(matches: readonly Match[]): Netlist {
  const ports = new Map(matches.flatMap(({ wins }) => wins).map((literal, i) => [literal, i]));
  const builder = new NetlistBuilder(ports.size, HASHING);
  return builder.finish(winnerIndex(builder, matches, (literal) => builder.input(ports.get(literal)!)));
}

function cellGates(builder: NetlistBuilder, cell: ReadoutCell, at: (literal: Literal) => Literal): Literal[] {
  if (cell.tag === "comparison") return [compareBits(builder, cell, at)];
  if (cell.tag === "choice") return [chooseSide(builder, cell.wins.map(at), cell.sides.map(at))];
  const columns = cell.inputs.map((bits) => bits.map(at));
  return addColumns(columns, cell.outputs.length, adder(builder), FALSE);
}

function compareBits(
  builder: NetlistBuilder,
  { a, b, below }: Comparison,
  at: (literal: Literal) => Literal,
): Literal {
  return b.reduce<Literal>(
    (higher, bit, k) => {
      const [mine, other] = [at(bit), at(a[k]!)];
      return builder.mux(builder.xor(mine, other), mine, higher);
    },
    below === null ? FALSE : at(below),
  );
}

/** What wins among two or three sides; `wins` as in `Match`. */
function chooseSide(
  builder: NetlistBuilder,
  [first, last, lastOverSecond]: readonly Literal[],
  [a, b, c]: readonly Literal[],
): Literal {
  const ofTwo = builder.mux(first!, b!, a!);
  return c === undefined ? ofTwo : builder.mux(builder.mux(first!, lastOverSecond!, last!), c, ofTwo);
}

/** The class index from the matches' results, low bit first. */
function winnerIndex(
  builder: NetlistBuilder,
  matches: readonly Pick<Match, "sides" | "wins">[],
  at: (literal: Literal) => Literal,
): Literal[] {
  const classes = matches.reduce((n, { sides }) => n + sides.filter(({ tag }) => tag === "class").length, 0);
  const width = Math.max(1, Math.ceil(Math.log2(classes)));
  const winners: Literal[][] = [];
  for (const { sides, wins } of matches) {
    const indices = sides.map((side) =>
      side.tag === "match"
        ? winners[side.match]!
        : Array.from({ length: width }, (_, k) => (((side.cls >> k) & 1) === 1 ? TRUE : FALSE)),
    );
    winners.push(
      Array.from({ length: width }, (_, k) =>
        chooseSide(
          builder,
          wins.map(at),
          indices.map((index) => index[k]!),
        ),
      ),
    );
  }
  return winners.at(-1)!;
}
