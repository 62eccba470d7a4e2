/** Add `amount` to the entries of the samples whose bit is 1. @param values shape `[samples]`. */
export function addBits(values: Float64Array, row: Uint32Array, amount: number): void {
  for (let s = 0; s < values.length; s++) values[s]! += ((row[s >>> 5]! >>> (s & 31)) & 1) * amount;
}

/** Sum of the entries of the samples whose bit is 1. */
export function sumOver(values: Float32Array, row: Uint32Array): number {
  let sum = 0;
  for (let s = 0; s < values.length; s++) sum += ((row[s >>> 5]! >>> (s & 31)) & 1) * values[s]!;
  return sum;
}
