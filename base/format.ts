/** Numbers as people read them, the same everywhere: in tables, lines of progress and pages. */

/** A whole number with thousands apart, such as "12,345". */
export const count = (n: number): string => n.toLocaleString("en-US");

/** A fraction in percent with two decimals, such as "98.50%". */
export const percent = (fraction: number): string => `${(100 * fraction).toFixed(2)}%`;
