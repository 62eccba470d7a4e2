import type { Design } from "../../../ir/design.js";
import { usedInputs } from "../core.js";
import { instance, vector } from "../module.js";
import { bitNet, type ModuleNames } from "../names.js";
import type { Beats } from "./beats.js";
import { same } from "./network.js";

/**
 * The serial encoder and the nets around it: `restart`, `beat`, `data` in, `last` and the encoder bits out.
 *
 * @param restart expression: the next beat is a first one.
 */
export function storedBits(
  { core }: Design,
  { lanes, width }: Beats,
  names: ModuleNames,
  clock: string,
  restart: string,
): string[] {
  const bits = usedInputs(core).map(bitNet);
  return [
    ...bits.map((net) => `wire ${net};`),
    "wire beat;",
    "wire last;",
    `wire ${vector(lanes * width, "data")};`,
    ...instance(names.serialEncoder, "encoder", [
      ["clk", clock],
      ["restart", restart],
      ...same(["beat", "data", "last", ...bits]),
    ]),
  ];
}

/** `beat` and `data` from the nets `strobe` and `octet`: through the word module where a feature takes several bytes. */
export function beatFromBytes({ width }: Beats, names: ModuleNames, restart: string): string[] {
  if (width === 8) return ["assign beat = strobe;", "assign data = octet;"];
  return instance(names.word, "word", [
    ["clk", "clk"],
    ["restart", restart],
    ...same(["strobe", "octet", "beat", "data"]),
  ]);
}
