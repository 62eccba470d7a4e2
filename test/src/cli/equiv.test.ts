import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { emitAiger, emitAsciiAiger } from "../../../compiler/emit/aiger.js";
import { emitBlif } from "../../../compiler/emit/blif.js";
import { type Literal, not } from "../../../compiler/ir/literal.js";
import { type NamedNetlist, namedCore } from "../../../compiler/ir/named-netlist.js";
import type { Netlist } from "../../../compiler/ir/netlist.js";
import { HASHING, NetlistBuilder } from "../../../compiler/ir/netlist-builder.js";
import { encodeDesign } from "../../../compiler/model/design-codec.js";
import { readAiger } from "../../../compiler/read/aiger.js";
import { simulate } from "../../../compiler/simulate/bit-parallel.js";
import { multiplier } from "../../support/arithmetic.js";
import { dbnc, startDbnc } from "../../support/cli.js";
import { temporaryFolder, writeIn } from "../../support/folder.js";
import { randomDesign } from "../../support/random-design.js";

const circuit = (netlist: Netlist): NamedNetlist => namedCore(netlist, "m");
const core = randomDesign(5, { inputs: 20, gates: 200, outputs: 12 }).core;

/** Two outputs over a, b, c: a ^ b ^ c in one structure or the other, and a & c. */
function parity(other: boolean, fault = false): NamedNetlist {
  const b = new NetlistBuilder(3, HASHING);
  const [x, y, z] = [b.input(0), b.input(1), b.input(2)] as [Literal, Literal, Literal];
  const xor = (p: Literal, q: Literal): Literal =>
    other ? b.or(b.and(p, not(q)), b.and(not(p), q)) : b.xor(p, q);
  const carry = b.and(x, fault ? not(z) : z);
  return {
    ...circuit(b.finish([other ? xor(x, xor(y, z)) : xor(xor(x, y), z), carry])),
    inputNames: ["a", "b", "c"],
    outputNames: ["sum", "carry"],
  };
}

describe("equiv", () => {
  test("proves one function in three formats, ports by name in any order", async () => {
    const folder = temporaryFolder();
    writeIn(folder, "a.blif", emitBlif(parity(false), []));
    writeIn(folder, "b.aag", emitAsciiAiger(parity(true), []));
    writeIn(folder, "c.aig", emitAiger(parity(true), []));
    for (const other of ["b.aag", "c.aig"]) {
      const { status, stdout } = await dbnc(folder, "equiv", "a.blif", other);
      expect([status, stdout.startsWith("proved: 2 outputs are equal"), stdout.includes("by name")]).toEqual([
        0,
        true,
        true,
      ]);
    }
    // Ports in another order: equal by name, different by order.
    const p = parity(false);
    const moved = new Map([0, 2, 4, 6].map((literal, i) => [literal, [0, 6, 2, 4][i]!]));
    const at = (literal: number): number => (moved.get(literal & ~1) ?? literal & ~1) + (literal & 1);
    const shuffled = {
      ...p,
      inputNames: ["b", "c", "a"],
      outputNames: ["carry", "sum"],
      netlist: {
        ...p.netlist,
        fanin0: p.netlist.fanin0.map(at),
        fanin1: p.netlist.fanin1.map(at),
        outputs: p.netlist.outputs.toReversed(),
      },
    };
    writeIn(folder, "d.blif", emitBlif(shuffled, []));
    expect((await dbnc(folder, "equiv", "a.blif", "d.blif")).status).toBe(0);
    expect((await dbnc(folder, "equiv", "a.blif", "d.blif", "--by", "order")).status).toBe(2);
  });

  test("shows an input on which they differ, by name, that really tells them apart", async () => {
    const folder = temporaryFolder();
    const [a, b] = [parity(false), parity(true, true)];
    writeIn(folder, "a.blif", emitBlif(a, []));
    writeIn(folder, "b.aig", emitAiger(b, []));
    const { status, stdout } = await dbnc(folder, "equiv", "a.blif", "b.aig");
    expect([status, stdout.startsWith("refuted: 1 of 2 outputs differ")]).toEqual([2, true]);
    expect(stdout).toMatch(/inputs that are 1 .*: a/);
    expect(stdout).toMatch(/carry {3}[01] {2}[01]/);
    const json = await dbnc(folder, "equiv", "a.blif", "b.aig", "--json", "--quiet");
    const { verdict, counterexample, matchedBy } = JSON.parse(json.stdout);
    expect([json.status, json.stderr, verdict, matchedBy]).toEqual([2, "", "refuted", "name"]);
    const inputs = counterexample.inputs.map(({ value }: { value: number }) => Uint32Array.of(value));
    const value = (netlist: Netlist): number => simulate(netlist, inputs, 1)[1]![0]! & 1;
    expect(counterexample.outputs).toEqual([{ name: "carry", a: value(a.netlist), b: value(b.netlist) }]);
    expect(value(a.netlist)).not.toBe(value(b.netlist));
  });

  test("files without names are matched by order; other names and counts are refused", async () => {
    const folder = temporaryFolder();
    const named = circuit(core);
    writeIn(folder, "a.aig", emitAiger(named, []));
    writeIn(folder, "bare.aig", emitAiger({ ...named, hasNames: false }, []));
    writeIn(
      folder,
      "renamed.aig",
      emitAiger({ ...named, inputNames: named.inputNames.map((x) => `p${x}`) }, []),
    );
    const fewer = circuit({ ...core, outputs: core.outputs.slice(1) });
    writeIn(folder, "fewer.aig", emitAiger(fewer, []));
    const bare = await dbnc(folder, "equiv", "a.aig", "bare.aig");
    expect([bare.status, bare.stdout.includes("matched by order")]).toEqual([0, true]);
    const renamed = await dbnc(folder, "equiv", "a.aig", "renamed.aig");
    expect([renamed.status, renamed.stdout]).toEqual([1, ""]);
    expect(renamed.stderr).toContain(
      'renamed.aig: expected the inputs of a.aig but found none named "x0" (20 of 20 missing',
    );
    expect((await dbnc(folder, "equiv", "a.aig", "renamed.aig", "--by", "order")).status).toBe(0);
    const counts = await dbnc(folder, "equiv", "a.aig", "fewer.aig");
    expect([counts.status, counts.stderr.includes("expected 12 outputs, as in a.aig, but found 11")]).toEqual(
      [1, true],
    );
  });

  test("run folders stand for the core of their design; other encoders or readouts are refused", async () => {
    const folder = temporaryFolder();
    const design = randomDesign(5, { inputs: 20, gates: 200, outputs: 12 });
    writeIn(folder, "run/design.safetensors", encodeDesign(design));
    writeIn(folder, "same.aig", emitAiger(circuit(core), []));
    const readout = { ...design.readout, offset: Int32Array.of(0, 1) };
    writeIn(folder, "other/design.safetensors", encodeDesign({ ...design, readout }));
    expect((await dbnc(folder, "equiv", "run", "same.aig")).status).toBe(0);
    expect((await dbnc(folder, "equiv", "run", "run")).status).toBe(0);
    const { status, stderr } = await dbnc(folder, "equiv", "run", "other");
    expect([status, stderr.includes("other: expected the encoder and readout of run")]).toEqual([1, true]);
  });

  const hard = (): string => {
    const folder = temporaryFolder();
    writeIn(folder, "a.aig", emitAiger(circuit(multiplier(14, "rows")), []));
    writeIn(folder, "b.aig", emitAiger(circuit(multiplier(14, "columns")), []));
    return folder;
  };
  test("says unknown and exits with 3 when out of conflicts or time", async () => {
    const folder = hard();
    const conflicts = await dbnc(folder, "equiv", "a.aig", "b.aig", "--conflicts", "5", "--timeout", "100");
    expect([conflicts.status, conflicts.stdout.startsWith("unknown: ")]).toEqual([3, true]);
    expect(conflicts.stdout).toMatch(
      /of 28 outputs undecided, out of conflicts; inside: .*\n(.*\n)*.*undecided: y/,
    );
    const time = await dbnc(folder, "equiv", "a.aig", "b.aig", "--timeout", "1.5", "--json");
    expect([time.status, JSON.parse(time.stdout)]).toMatchObject([3, { verdict: "unknown", reason: "time" }]);
  });
  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("%s ends it at once", async (signal, code) => {
    const { child, done } = startDbnc(hard(), ["equiv", "a.aig", "b.aig"]);
    await new Promise((resolve) => setTimeout(resolve, 2500));
    const begin = performance.now();
    child.kill(signal);
    const { status, stderr, stdout } = await done;
    expect([status, stdout]).toEqual([code, ""]);
    expect(stderr).toContain(`stopped by ${signal}; nothing was decided`);
    expect(performance.now() - begin).toBeLessThan(5000);
  });

  test.each([
    ["a file that is not there", ["equiv", "nowhere.aig", "a.aig"], "nowhere.aig: expected a readable file"],
    [
      "an unknown extension",
      ["equiv", "a.txt", "a.aig"],
      'a.txt: expected a file that ends in .aig, .aag, .blif but found ".txt"',
    ],
    ["a damaged file", ["equiv", "cut.aig", "a.aig"], "cut.aig: byte "],
    ["a folder that is no run", ["equiv", ".", "a.aig"], "design.safetensors: expected a readable file"],
    ["one circuit only", ["equiv", "a.aig"], "missing required argument 'B'"],
    ["an unknown rule", ["equiv", "a.aig", "a.aig", "--by", "colour"], "Allowed choices are name, order"],
    [
      "a budget that is none",
      ["equiv", "a.aig", "a.aig", "--conflicts", "-1"],
      "expected an integer of at least 1",
    ],
  ])("1 for %s", async (_what, args, message) => {
    const folder = temporaryFolder();
    const file = emitAiger(circuit(core), []);
    writeIn(folder, "a.aig", file);
    writeIn(folder, "cut.aig", file.subarray(0, 60));
    const { status, stdout, stderr } = await dbnc(folder, ...args);
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(message);
  });
});

describe("opt", () => {
  test.each(["out.aig", "out.aag", "out.blif"])(
    "writes a smaller circuit, proved equal (%s)",
    async (out) => {
      const folder = temporaryFolder();
      writeIn(folder, "in.blif", emitBlif(parity(true), []));
      const { status, stdout } = await dbnc(folder, "opt", "in.blif", "-p", "strash,dead-gates", "-o", out);
      expect(status).toBe(0);
      expect(stdout).toMatch(
        /^strash +6? ?.*proved\ndead-gates .*proved\nproved: in\.blif: \d+ gates, \d+ levels → \d+ gates/,
      );
      expect((await dbnc(folder, "equiv", "in.blif", out, "--by", "name")).status).toBe(0);
      expect(readdirSync(folder).sort()).toEqual(["in.blif", out].sort());
    },
  );
  test("the same input and seed give the same bytes; --json tells what every pass did", async () => {
    const folder = temporaryFolder();
    writeIn(folder, "in.aig", emitAiger(circuit(core), []));
    for (const out of ["a.aig", "b.aig"]) {
      const { status, stdout } = await dbnc(folder, "opt", "in.aig", "-o", out, "--json");
      expect([status, JSON.parse(stdout)]).toMatchObject([0, { verdict: "proved", output: out }]);
      expect(JSON.parse(stdout).passes.length).toBeGreaterThan(2);
    }
    expect(readFileSync(join(folder, "a.aig"))).toEqual(readFileSync(join(folder, "b.aig")));
    const { outputNames } = readAiger(readFileSync(join(folder, "a.aig")), "a.aig", "a");
    expect(outputNames).toEqual(circuit(core).outputNames);
  });
  test("--list-passes lists them", async () => {
    const { status, stdout } = await dbnc(temporaryFolder(), "opt", "--list-passes");
    expect([status, stdout]).toEqual([
      0,
      expect.stringMatching(/^strash +merge structurally identical gates$/m),
    ]);
  });
  test("1 for what it cannot do, and nothing is written", async () => {
    const folder = temporaryFolder();
    writeIn(
      folder,
      "in.aig",
      emitAiger(
        {
          ...circuit(core),
          inputNames: core.inputs === 20 ? Array.from({ length: 20 }, (_, i) => `a ${i}`) : [],
        },
        [],
      ),
    );
    for (const [args, message] of [
      [["opt"], "expected a circuit IN but found none"],
      [["opt", "in.aig", "-p", "strahs"], 'did you mean "strash"?'],
      [
        ["opt", "in.aig", "-o", "out.v"],
        'out.v: expected a file that ends in .aig, .aag, .blif but found ".v"',
      ],
      [
        ["opt", "in.aig", "-o", "out.blif"],
        'expected a name without spaces, # and \\ but found the port "a 0"',
      ],
    ] as const) {
      const { status, stderr } = await dbnc(folder, ...args);
      expect([status, stderr.includes(message)], stderr).toEqual([1, true]);
    }
    expect([readdirSync(folder), existsSync(join(folder, "out.blif"))]).toEqual([["in.aig"], false]);
  });
});
