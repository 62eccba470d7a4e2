/** Bytes of a gate: addresses of its two fanins and of its result. */
const GATE: u32 = 12;
/** Bytes of a run: operation and number of gates. */
const RUN: u32 = 8;

/**
 * Evaluate gates on one pass of 512 samples: every address is that of a slot of 64 bytes.
 *
 * @param runs operations in order, `AND`, `ANDN`, `OR` or `XOR` (program.ts), each with how many gates it goes for.
 */
export function evaluate(runs: u32, count: u32, gates: u32): void {
  for (let run = runs; run < runs + count * RUN; run += RUN) {
    const end = gates + load<u32>(run, 4) * GATE;
    switch (load<u32>(run)) {
      case 0:
        for (; gates < end; gates += GATE) and(load<u32>(gates), load<u32>(gates, 4), load<u32>(gates, 8));
        break;
      case 1:
        for (; gates < end; gates += GATE) andn(load<u32>(gates), load<u32>(gates, 4), load<u32>(gates, 8));
        break;
      case 2:
        for (; gates < end; gates += GATE) or(load<u32>(gates), load<u32>(gates, 4), load<u32>(gates, 8));
        break;
      default:
        for (; gates < end; gates += GATE) xor(load<u32>(gates), load<u32>(gates, 4), load<u32>(gates, 8));
    }
  }
}

function and(a: u32, b: u32, d: u32): void {
  v128.store(d, v128.and(v128.load(a), v128.load(b)));
  v128.store(d, v128.and(v128.load(a, 16), v128.load(b, 16)), 16);
  v128.store(d, v128.and(v128.load(a, 32), v128.load(b, 32)), 32);
  v128.store(d, v128.and(v128.load(a, 48), v128.load(b, 48)), 48);
}

function andn(a: u32, b: u32, d: u32): void {
  v128.store(d, v128.andnot(v128.load(a), v128.load(b)));
  v128.store(d, v128.andnot(v128.load(a, 16), v128.load(b, 16)), 16);
  v128.store(d, v128.andnot(v128.load(a, 32), v128.load(b, 32)), 32);
  v128.store(d, v128.andnot(v128.load(a, 48), v128.load(b, 48)), 48);
}

function or(a: u32, b: u32, d: u32): void {
  v128.store(d, v128.or(v128.load(a), v128.load(b)));
  v128.store(d, v128.or(v128.load(a, 16), v128.load(b, 16)), 16);
  v128.store(d, v128.or(v128.load(a, 32), v128.load(b, 32)), 32);
  v128.store(d, v128.or(v128.load(a, 48), v128.load(b, 48)), 48);
}

function xor(a: u32, b: u32, d: u32): void {
  v128.store(d, v128.xor(v128.load(a), v128.load(b)));
  v128.store(d, v128.xor(v128.load(a, 16), v128.load(b, 16)), 16);
  v128.store(d, v128.xor(v128.load(a, 32), v128.load(b, 32)), 32);
  v128.store(d, v128.xor(v128.load(a, 48), v128.load(b, 48)), 48);
}
