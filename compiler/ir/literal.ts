/**
 * A literal is `2 * node + complement`, as in AIGER: an edge of the graph with its inverter.
 * Node 0 is constant false, so literal 0 is false and literal 1 is true.
 */
export type Literal = number & { readonly brand: "Literal" };
/** Index of a node: 0 is constant false, then the primary inputs, then the gates in topological order. */
export type NodeId = number & { readonly brand: "NodeId" };

export const FALSE = 0 as Literal;
export const TRUE = 1 as Literal;

export const literalOf = (node: number, complement = false): Literal =>
  ((node << 1) | (complement ? 1 : 0)) as Literal;
export const nodeOf = (literal: number): NodeId => (literal >>> 1) as NodeId;
export const isComplement = (literal: number): boolean => (literal & 1) === 1;
export const not = (literal: number): Literal => (literal ^ 1) as Literal;
/** Complement `literal` when `condition` holds. */
export const notIf = (literal: number, condition: boolean): Literal =>
  (literal ^ (condition ? 1 : 0)) as Literal;
