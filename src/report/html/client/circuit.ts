/** The compiled circuit as the page holds it (draw.ts); arrays are base64 of little-endian bytes. */
export interface EmbeddedCircuit {
  readonly shape: readonly number[] | null;
  readonly classes: readonly string[];
  /** The largest code of each feature. */
  readonly most: readonly number[];
  readonly bits: { readonly feature: string; readonly value: string; readonly equals: string };
  readonly core: {
    readonly inputs: number;
    readonly kind: string;
    readonly fanin0: string;
    readonly fanin1: string;
    readonly outputs: string;
  };
  readonly readout: {
    readonly offset: string;
    readonly start: string;
    readonly vote: string;
    readonly weight: string;
  };
  readonly samples: {
    readonly number: readonly number[];
    readonly codes: string;
    readonly label: readonly number[];
    readonly predicted: readonly number[];
  };
}

export interface Classified {
  readonly scores: Int32Array;
  readonly winner: number;
}

/** What base64 stands for. */
export function bytesOf(text: string): ArrayBuffer {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes.buffer;
}

/** The circuit as a function of the codes on its pins: encoder, every gate, class sums, first of the largest. */
export function circuitOf({
  bits,
  core,
  readout,
  classes,
}: EmbeddedCircuit): (codes: ArrayLike<number>) => Classified {
  const feature = new Uint32Array(bytesOf(bits.feature));
  const value = new Int32Array(bytesOf(bits.value));
  const equals = new Uint8Array(bytesOf(bits.equals));
  const kind = new Uint8Array(bytesOf(core.kind));
  const [fanin0, fanin1] = [new Uint32Array(bytesOf(core.fanin0)), new Uint32Array(bytesOf(core.fanin1))];
  const outputs = new Uint32Array(bytesOf(core.outputs));
  const [offset, weight] = [new Int32Array(bytesOf(readout.offset)), new Int32Array(bytesOf(readout.weight))];
  const [start, vote] = [new Uint32Array(bytesOf(readout.start)), new Uint32Array(bytesOf(readout.vote))];
  const node = new Uint8Array(1 + core.inputs + kind.length);
  const read = (literal: number): number => node[literal >>> 1]! ^ (literal & 1);
  return (codes) => {
    for (let i = 0; i < core.inputs; i++) {
      const code = codes[feature[i]!]!;
      node[1 + i] = Number(equals[i] === 1 ? code === value[i]! : code >= value[i]!);
    }
    for (let g = 0; g < kind.length; g++) {
      const [a, b] = [read(fanin0[g]!), read(fanin1[g]!)];
      node[1 + core.inputs + g] = kind[g] === 0 ? a & b : a ^ b;
    }
    const scores = Int32Array.from(classes, (_, c) => {
      let score = offset[c]!;
      for (let t = start[c]!; t < start[c + 1]!; t++) score += weight[t]! * read(outputs[vote[t]!]!);
      return score;
    });
    let winner = 0;
    for (let c = 1; c < scores.length; c++) if (scores[c]! > scores[winner]!) winner = c;
    return { scores, winner };
  };
}
