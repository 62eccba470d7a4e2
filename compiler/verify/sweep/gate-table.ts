/** Gates by kind and fanins: open addressing over typed arrays, half full at most. */
export class GateTable {
  private readonly mask: number;
  private readonly low: Uint32Array;
  private readonly high: Uint32Array;
  /** 0 where nothing is; node 0 is no gate. */
  private readonly node: Uint32Array;

  /** @param gates at most so many will be put in. */
  constructor(gates: number) {
    const size = 2 ** Math.ceil(Math.log2(2 * gates + 2));
    this.mask = size - 1;
    this.low = new Uint32Array(size);
    this.high = new Uint32Array(size);
    this.node = new Uint32Array(size);
  }

  /** The gate with these fanins, which is `node` from now on if there was none. */
  find(low: number, high: number, isXor: boolean, node: number): number {
    // An XOR's lower fanin has no complement, an AND's pair is ordered: (high, low) cannot be an AND's (low, high).
    const [first, second] = isXor ? [high, low] : [low, high];
    let at = (Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b)) >>> 0;
    at = (at ^ (at >>> 15)) & this.mask;
    for (; this.node[at] !== 0; at = (at + 1) & this.mask)
      if (this.low[at] === first && this.high[at] === second) return this.node[at]!;
    this.low[at] = first;
    this.high[at] = second;
    this.node[at] = node;
    return node;
  }
}
