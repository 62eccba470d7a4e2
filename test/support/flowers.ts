import { Random } from "../../base/random.js";

/** CSV text: three flowers by two sizes, a colour and a column that never varies. */
export function flowers(count: number): string {
  const random = new Random(1);
  const rows = Array.from({ length: count }, (_, i) => {
    const kind = i % 3;
    const size = (middle: number): string => (middle + 0.6 * random.normal()).toFixed(2);
    return [
      size(2 + 2 * kind),
      size(5 - kind),
      kind === 1 ? "red" : "white",
      7,
      ["iris", "rose", "tulip"][kind],
    ].join();
  });
  return `long,wide,colour,same,flower\n${rows.join("\n")}\n`;
}
