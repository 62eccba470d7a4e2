import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect } from "vitest";
import { Random } from "../../base/random.js";
import { emitAiger, emitAsciiAiger } from "../../compiler/emit/aiger.js";
import { emitBlif } from "../../compiler/emit/blif.js";
import { type NamedNetlist, namedCore } from "../../compiler/ir/named-netlist.js";
import type { Netlist } from "../../compiler/ir/netlist.js";
import { pick } from "../../compiler/verify/self-test/fault.js";
import { NETLIST_FAULTS } from "../../compiler/verify/self-test/netlist-faults.js";
import { findDifference, outputsOf } from "../../compiler/verify/self-test/reference.js";
import { dbnc } from "../support/cli.js";
import { temporaryFolder, writeIn } from "../support/folder.js";
import { testWithTool } from "../support/native-tool.js";
import { randomDesign, seeds } from "../support/random-design.js";
import { rewritten } from "../support/rewritten.js";

const FORMATS = {
  aig: (circuit: NamedNetlist) => emitAiger(circuit, []),
  aag: (circuit: NamedNetlist) => emitAsciiAiger(circuit, []),
  blif: (circuit: NamedNetlist) => emitBlif(circuit, []),
} as const;
const EXTENSIONS = Object.keys(FORMATS) as (keyof typeof FORMATS)[];

/** A circuit of a few to some thousand gates, and another structure of it, with a fault in it or not. */
function pair(seed: number): [Netlist, Netlist] {
  const random = new Random(seed);
  const inputs = 1 + random.below(24);
  const gates = 1 + random.below(pick([10, 100, 1500], random));
  const { core } = randomDesign(seed, { inputs, gates, outputs: 2 * (1 + random.below(8)) });
  const other = rewritten(core, random);
  const faulty = random.below(3) === 0 ? null : pick(NETLIST_FAULTS, random).plant(other, random);
  return [core, faulty?.faulty ?? other];
}

/** What ABC says of two files. */
function abcVerdict(a: string, b: string): string {
  const { stdout } = spawnSync("berkeley-abc", ["-c", `cec ${a} ${b}`], { encoding: "utf8" });
  if (/Networks are equivalent/.test(stdout)) return "proved";
  return /NOT EQUIVALENT/.test(stdout) ? "refuted" : stdout;
}

testWithTool("berkeley-abc").each(seeds(12))(
  "dbnc equiv on files says what berkeley-abc cec says (seed %i)",
  { timeout: 120_000 },
  async (seed) => {
    const [a, b] = pair(seed);
    const random = new Random(seed + 1000);
    const folder = temporaryFolder();
    for (const [name, netlist] of [
      ["a", a],
      ["b", b],
    ] as const) {
      for (const extension of EXTENSIONS)
        writeIn(folder, `${name}.${extension}`, FORMATS[extension](namedCore(netlist, name)));
    }
    const formats = [pick(EXTENSIONS, random), pick(EXTENSIONS, random)];
    const [fileA, fileB] = [`a.${formats[0]}`, `b.${formats[1]}`];
    // ABC reads no ASCII AIGER.
    const [forAbcA, forAbcB] = [fileA, fileB].map((file) => join(folder, file.replace("aag", "aig"))) as [
      string,
      string,
    ];
    const { status, stdout, stderr } = await dbnc(
      folder,
      "equiv",
      fileA,
      fileB,
      "--json",
      "--seed",
      `${seed}`,
    );
    const what = `seed ${seed}: ${fileA} ${fileB} ${stderr}`;
    const result = JSON.parse(stdout);
    expect(result.verdict, what).toBe(abcVerdict(forAbcA, forAbcB));
    expect(status, what).toBe(result.verdict === "proved" ? 0 : 2);
    if (result.verdict === "proved") {
      const on = (netlist: Netlist) => (input: Uint8Array) => outputsOf(netlist, input);
      expect(findDifference(a.inputs, 50 * (a.kind.length + 1), seed, on(a), on(b)), what).toBeNull();
      return;
    }
    const input = result.counterexample.inputs.map(({ value }: { value: number }) => value);
    const [left, right] = [outputsOf(a, input), outputsOf(b, input)];
    const differing = [...left.keys()].filter((o) => left[o] !== right[o]);
    expect(result.counterexample.outputs, what).toEqual(
      differing.map((o) => ({ name: `y${o}`, a: left[o], b: right[o] })),
    );
    expect(differing.length, what).toBeGreaterThan(0);
  },
);
