/**
 * Inside the solver a literal is `2 * variable + (negative ? 1 : 0)`, so that it indexes arrays and `^ 1` negates.
 * Variables count from 1; literals 0 and 1 are not used.
 */
export const encodeLiteral = (dimacs: number): number => (dimacs < 0 ? -2 * dimacs + 1 : 2 * dimacs);

/** The literal as DIMACS writes it. */
export const decodeLiteral = (literal: number): number =>
  (literal & 1) === 1 ? -(literal >>> 1) : literal >>> 1;
