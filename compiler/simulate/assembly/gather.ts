/** Bytes of a source: its address, and 0 or all ones. */
const SOURCE: u32 = 8;
const SLOT: u32 = 64;

/** Copy slots of 64 bytes, each complemented where its source says so, to consecutive ones from `out` on. */
export function gather(sources: u32, count: u32, out: u32): void {
  for (let at = sources; at < sources + count * SOURCE; at += SOURCE, out += SLOT) {
    const from = load<u32>(at);
    const flip = i32x4.splat(load<u32>(at, 4));
    v128.store(out, v128.xor(v128.load(from), flip));
    v128.store(out, v128.xor(v128.load(from, 16), flip), 16);
    v128.store(out, v128.xor(v128.load(from, 32), flip), 32);
    v128.store(out, v128.xor(v128.load(from, 48), flip), 48);
  }
}
