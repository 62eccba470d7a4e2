import type { Random } from "../../../base/random.js";
import type { FaultKind } from "./fault.js";

/** The vector file's text: the number of samples, then a line each. */
const lineFault = (
  name: string,
  edit: (features: string, expected: string, random: Random) => string | null,
): FaultKind<string> => ({
  name,
  plant(text, random) {
    const rows = text.trimEnd().split("\n");
    const at = 1 + random.below(rows.length - 1);
    const [features, expected] = rows[at]!.split(" ") as [string, string];
    const edited = edit(features, expected, random);
    const after = edited === null ? rows.toSpliced(at, 1) : rows.with(at, edited);
    return { what: `sample ${at - 1}`, faulty: `${after.join("\n")}\n` };
  },
});

/** Single faults in the vectors; a flipped input bit is harmless where the sample's class does not depend on it. */
export const VECTOR_FAULTS: readonly FaultKind<string>[] = [
  lineFault("flipped vector", (features, expected, random) => {
    const at = random.below(features.length);
    const digit = Number.parseInt(features[at]!, 16) ^ (1 << random.below(4));
    return `${features.slice(0, at)}${digit.toString(16)}${features.slice(at + 1)} ${expected}`;
  }),
  lineFault(
    "wrong class",
    (features, expected) => `${features} ${(Number.parseInt(expected, 16) ^ 1).toString(16)}`,
  ),
  lineFault("dropped vector", () => null),
];
