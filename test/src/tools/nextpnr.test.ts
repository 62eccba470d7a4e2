import { describe, expect, test } from "vitest";
import { mapLuts } from "../../../compiler/map/map-luts.js";
import { BOARDS, emitPins } from "../../../compiler/synth/boards.js";
import { mappedModule, yosysJson } from "../../../compiler/synth/mapped-module.js";
import { resolveConfig } from "../../../src/config/load.js";
import { lutBudget } from "../../../src/flow/fit/size.js";
import {
  configurationOf,
  packBitstream,
  packedCells,
  placeAndRoute,
  unpackBitstream,
} from "../../../src/tools/nextpnr.js";
import { dbnc } from "../../support/cli.js";
import { temporaryFolder } from "../../support/folder.js";
import { testWithTool } from "../../support/native-tool.js";
import { randomDesign } from "../../support/random-design.js";

const { signal } = new AbortController();
const { core } = randomDesign(1, { inputs: 4, gates: 30, outputs: 4 });
const ports = [new Map([["i", 4]]), new Map([["o", 4]])] as const;
const json = yosysJson("top", mappedModule(mapLuts(core, { k: 4 }), "ice40", ...ports));
const pins = [
  ...["79", "80", "81", "87"].map((pin, i) => `set_io i[${i}] ${pin}`),
  ...["88", "90", "91", "95"].map((pin, i) => `set_io o[${i}] ${pin}`),
].join("\n");

testWithTool("nextpnr-ice40")(
  "what is placed is what the packed bitstream unpacks to",
  async () => {
    const options = { device: "hx1k", package: "tq144", clock: 12, seed: 1, signal };
    const placed = await placeAndRoute(json, pins, options);
    expect(placed).toMatchObject({ seed: 1, fmax: null });
    expect(placed.logicCells).toBeGreaterThan(0);
    expect(await packedCells(json, pins, options)).toBe(placed.logicCells);
    const bitstream = await packBitstream(placed.asc, signal);
    const wanted = configurationOf(placed.asc);
    expect(wanted.size).toBeGreaterThan(1);
    expect(configurationOf(await unpackBitstream(bitstream, signal))).toEqual(wanted);
    const other = await placeAndRoute(json, pins, { ...options, seed: 2 });
    expect(configurationOf(other.asc)).not.toEqual(wanted);
    await expect(placeAndRoute(json, "set_io i[0] 999", options)).rejects.toThrow(
      /expected a result but found/,
    );
  },
  60_000,
);

describe("boards", () => {
  test("have pins for the serial interfaces, and say which port they have none for", () => {
    for (const board of BOARDS) {
      const uart = ["clk", "rst_n", "rx", "tx"].map((port) => ({ port, width: 1 }));
      expect(emitPins(board, uart, ["x"])).toMatchObject({
        text: expect.stringContaining("set_io -pullup yes rx "),
      });
      expect(emitPins(board, [{ port: "features", width: 9 }], [])).toEqual({ missing: "features" });
    }
  });

  test("--fit takes a board or its device", async () => {
    const { status, stderr } = await dbnc(temporaryFolder(), "build", "--fit", "up9k");
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/--fit: expected one of icebreaker, up5k, .* but found up9k/),
    ]);
    expect(lutBudget(2000, 6000, 5000)).toBe(1650);
  });

  test("bring their target and an interface, unless others are asked for", () => {
    const board = { key: "hardware.board", value: "icestick", from: "--board" };
    expect(resolveConfig({}, [board], "test").hardware).toMatchObject({
      target: "ice40:hx1k",
      interface: "uart",
    });
    const spi = { key: "hardware.interface", value: "shift", from: "--interface" };
    expect(resolveConfig({}, [board, spi], "test").hardware.interface).toBe("shift");
  });
});
