import type { Design } from "../ir/design.js";

/**
 * Whether two designs have the same encoder, readout and votes, so that equal cores make them equal from raw
 * features to class index.
 */
export function sameBoundary(a: Design, b: Design): boolean {
  const plain = ({ encoder: { features, bits }, core, readout }: Design): string =>
    JSON.stringify([
      features.map(({ name, type }) => [name, Object.entries(type).sort(([x], [y]) => (x < y ? -1 : 1))]),
      bits.map(({ feature, test, value }) => [feature, test, value]),
      readout.classNames,
      ...[readout.offset, readout.start, readout.vote, readout.weight].map((row) => [...row]),
      core.outputs.length,
    ]);
  return plain(a) === plain(b);
}
