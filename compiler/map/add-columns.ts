/** The sum bit of two or three bits and, only if it is wanted, their carry. */
export type AddBits<T> = (bits: readonly T[], carryWanted: boolean) => { readonly sum: T; readonly carry: T };

/**
 * Add up columns of bits, column `i` of weight `2^i`, modulo `2^outputs`: full adders while a column has three bits,
 * then a half adder.
 *
 * @param add makes one adder of two or three bits.
 * @param zero what stands for an empty column.
 * @returns one bit a column, low bit first.
 */
export function addColumns<T>(
  columns: readonly (readonly T[])[],
  outputs: number,
  add: AddBits<T>,
  zero: T,
): T[] {
  const bits: T[] = [];
  let carries: T[] = [];
  for (let k = 0; k < outputs; k++) {
    const queue = [...(columns[k] ?? []), ...carries];
    carries = [];
    while (queue.length > 1) {
      const { sum, carry } = add(queue.splice(0, Math.min(3, queue.length)), k + 1 < outputs);
      queue.push(sum);
      carries.push(carry);
    }
    bits.push(queue[0] ?? zero);
  }
  return bits;
}
