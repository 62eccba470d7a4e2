import { moduleText, vector } from "../module.js";
import type { ModuleNames } from "../names.js";
import type { Beats } from "./beats.js";

/** Bytes to the beats of features that take several: the most significant byte comes first. */
export function emitWord({ width }: Beats, names: ModuleNames, comment: readonly string[]): string {
  const earlier = width / 8 - 1;
  const next = earlier === 1 ? "octet" : `{held[${8 * earlier - 9}:0], octet}`;
  const turned =
    earlier === 1 ? "{position[0], position[1]}" : `{position[${earlier - 1}:0], position[${earlier}]}`;
  return moduleText({
    comment,
    name: names.word,
    inputs: ["clk", "restart", "strobe", vector(8, "octet")],
    outputs: ["beat", vector(width, "data")],
    body: [
      `reg ${vector(8 * earlier, "held")};`,
      "// One-hot: which byte of the word comes next.",
      `reg ${vector(earlier + 1, "position")};`,
      `assign beat = strobe & position[${earlier}];`,
      "assign data = {held, octet};",
      "always @(posedge clk) begin",
      `  if (restart) position <= ${earlier + 1}'d1;`,
      `  else if (strobe) position <= ${turned};`,
      `  if (strobe) held <= ${next};`,
      "end",
    ],
  });
}
