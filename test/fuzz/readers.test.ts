import { expect, test } from "vitest";
import { UserError } from "../../base/errors.js";
import { Random } from "../../base/random.js";
import { emitAiger, emitAsciiAiger } from "../../compiler/emit/aiger.js";
import { emitBlif } from "../../compiler/emit/blif.js";
import { type NamedNetlist, namedCore } from "../../compiler/ir/named-netlist.js";
import { validateNetlist } from "../../compiler/ir/netlist.js";
import { readAiger } from "../../compiler/read/aiger.js";
import { readBlif } from "../../compiler/read/blif.js";
import { randomDesign, seeds } from "../support/random-design.js";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const HIERARCHY = encode(
  ".model top\n.inputs a b c\n.outputs s\n.subckt half x=a y=b s=t c=u\n.subckt half s=s x=t y=c\n.end\n" +
    ".model half\n.inputs x y\n.outputs s c\n.names x y s\n1- 1\n-1 1\n.names x y c\n11 1\n.end\n",
);

/** Valid files to damage. */
function valid(seed: number): [file: string, bytes: Uint8Array][] {
  const { core } = randomDesign(seed, { inputs: 5, gates: 30, outputs: 4 });
  const circuit = namedCore(core, "m");
  return [
    ["a.aig", emitAiger(circuit, ["comment"])],
    ["a.aag", encode(emitAsciiAiger(circuit, ["comment"]))],
    ["a.blif", encode(emitBlif(circuit, ["comment"]))],
    ["h.blif", HIERARCHY],
  ];
}

const TOKENS = [
  "0",
  "1",
  "-",
  "4294967296",
  "99999999999999999999",
  "aig ",
  "\n",
  " ",
  "\\",
  "#",
  ".names ",
  ".subckt half ",
  ".end\n",
  "c\n",
  "i0 x\n",
];

/** One to four cuts, copies, flips, insertions and swaps. */
function damage(bytes: Uint8Array, random: Random): Uint8Array {
  let out = [...bytes];
  for (let n = 1 + random.below(4); n > 0; n--) {
    const at = random.below(out.length + 1);
    const to = Math.min(out.length, at + random.below(20));
    const kind = random.below(7);
    if (kind === 0) out = out.slice(0, at);
    else if (kind === 1) out.splice(at, to - at);
    else if (kind === 2) out.splice(random.below(out.length + 1), 0, ...out.slice(at, to));
    else if (kind === 3 && at < out.length) out[at]! ^= 1 << random.below(8);
    else if (kind === 4 && at < out.length) out[at] = random.below(256);
    else if (kind === 5) out.splice(at, 0, ...encode(TOKENS[random.below(TOKENS.length)]!));
    else out.splice(at, to - at, ...Array.from({ length: to - at }, () => 48 + random.below(10)));
  }
  return Uint8Array.from(out);
}

const DAMAGED = 400;
/** Far more than reading such a file takes; a hang is a failure. */
const MILLISECONDS = 2000;

test.each(seeds(10))(
  "damaged AIGER and BLIF give a located error or a sound netlist, quickly (seed %i)",
  (seed) => {
    const random = new Random(seed);
    for (const [file, bytes] of valid(seed)) {
      const read = file.endsWith(".blif") ? readBlif : readAiger;
      expect(read(bytes, file, "m").inputNames.length).toBeGreaterThan(0);
      for (let k = 0; k < DAMAGED; k++) {
        const damaged = damage(bytes, random);
        const what = `seed ${seed}, ${file}, damage ${k}: ${JSON.stringify(Buffer.from(damaged).toString("latin1"))}`;
        const begin = performance.now();
        let found: NamedNetlist | UserError;
        try {
          found = read(damaged, file, "m");
        } catch (error) {
          if (!(error instanceof UserError)) throw new Error(what, { cause: error });
          found = error;
        }
        expect(performance.now() - begin, what).toBeLessThan(MILLISECONDS);
        if (found instanceof UserError)
          expect(found.message, what).toMatch(/^[ah]\.\w+: (byte|line) \d+: expected .+ but found .+$/);
        else sound(found, what);
      }
    }
  },
);

function sound({ netlist, inputNames, outputNames }: NamedNetlist, what: string): void {
  validateNetlist(netlist);
  expect([inputNames.length, outputNames.length], what).toEqual([netlist.inputs, netlist.outputs.length]);
}
