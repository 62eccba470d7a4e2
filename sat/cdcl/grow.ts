/** A copy of at least `needed` words, twice as long or more, so that pushing costs constant time on average. */
export function grown<T extends Int32Array | Int8Array | Uint8Array | Float64Array>(
  array: T,
  needed: number,
): T {
  const Type = array.constructor as new (length: number) => T;
  const larger = new Type(Math.max(needed, 2 * array.length));
  larger.set(array);
  return larger;
}
