/** Partial sums of a row, four samples at a time: entry `16 k + m` is Σ of `row[4 k + i]` over the ones `i` of `m`. */
export function buildTable(row: Float32Array, table: Float32Array): void {
  for (let k = 0, at = 0; k < row.length; k += 4, at += 16) {
    const d0 = row[k]!;
    const d1 = row[k + 1]!;
    const d2 = row[k + 2]!;
    const d3 = row[k + 3]!;
    const d01 = d0 + d1;
    const d23 = d2 + d3;
    table[at] = 0;
    table[at + 1] = d0;
    table[at + 2] = d1;
    table[at + 3] = d01;
    table[at + 4] = d2;
    table[at + 5] = d0 + d2;
    table[at + 6] = d1 + d2;
    table[at + 7] = d01 + d2;
    table[at + 8] = d3;
    table[at + 9] = d0 + d3;
    table[at + 10] = d1 + d3;
    table[at + 11] = d01 + d3;
    table[at + 12] = d23;
    table[at + 13] = d0 + d23;
    table[at + 14] = d1 + d23;
    table[at + 15] = d01 + d23;
  }
}

/** Σ of the row that `table` was built of over the ones of the bits `bits[from .. from + words)`. */
export function sumOver(table: Float32Array, bits: Uint32Array, from: number, words: number): number {
  let sum = 0;
  for (let w = 0, at = 0; w < words; w++, at += 128) {
    const m = bits[from + w]!;
    sum +=
      table[at + (m & 15)]! +
      table[at + 16 + ((m >>> 4) & 15)]! +
      (table[at + 32 + ((m >>> 8) & 15)]! + table[at + 48 + ((m >>> 12) & 15)]!) +
      (table[at + 64 + ((m >>> 16) & 15)]! +
        table[at + 80 + ((m >>> 20) & 15)]! +
        (table[at + 96 + ((m >>> 24) & 15)]! + table[at + 112 + (m >>> 28)]!));
  }
  return sum;
}
