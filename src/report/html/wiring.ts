import { count } from "../../../base/format.js";
import type { Design } from "../../../compiler/ir/design.js";
import { firstGate } from "../../../compiler/ir/netlist.js";
import type { ReportInput } from "./input.js";
import { escapeHtml, heatmap, table } from "./markup.js";

/** How many votes of each class depend on each feature: shape `[classes][features]`. */
export function featureReach({ encoder, core, readout }: Design): Uint32Array[] {
  const features = encoder.features.length;
  const words = Math.ceil(features / 32);
  const first = firstGate(core);
  // A set of features a node, as bits.
  const sets = new Uint32Array((first + core.kind.length) * words);
  encoder.bits.forEach(({ feature }, i) => {
    sets[(1 + i) * words + (feature >>> 5)]! |= 1 << (feature & 31);
  });
  for (let g = 0; g < core.kind.length; g++) {
    const [a, b] = [(core.fanin0[g]! >>> 1) * words, (core.fanin1[g]! >>> 1) * words];
    for (let w = 0; w < words; w++) sets[(first + g) * words + w] = sets[a + w]! | sets[b + w]!;
  }
  return readout.classNames.map((_, c) => {
    const reach = new Uint32Array(features);
    for (let t = readout.start[c]!; t < readout.start[c + 1]!; t++) {
      const at = (core.outputs[readout.vote[t]!]! >>> 1) * words;
      for (let f = 0; f < features; f++) reach[f]! += (sets[at + (f >>> 5)]! >>> (f & 31)) & 1;
    }
    return reach;
  });
}

/** Which pixels, or columns, feed the network. */
export function wiringSection({ design, dataset }: ReportInput): string {
  const reach = featureReach(design);
  const total = Uint32Array.from(reach[0]!, (_, f) => reach.reduce((n, row) => n + row[f]!, 0));
  const unused = total.filter((n) => n === 0).length;
  const about = `<p>Votes whose cone reads a feature; ${count(unused)} of ${count(total.length)} features are read by none.</p>`;
  const { shape } = dataset;
  if (shape === undefined || shape.length < 2) return about + features(design, total);
  const columns = shape.at(-1)!;
  const maps = [
    ["all classes", total] as const,
    ...design.readout.classNames.map((name, c) => [name, reach[c]!] as const),
  ];
  const pixels = columns * shape.at(-2)!;
  return `${about}<div class="maps">${maps.map(([name, row]) => heatmap(scaled(summed(row, pixels)), columns, name)).join("")}</div>`;
}

/** Channels of a pixel together. */
function summed(values: Uint32Array, pixels: number): Uint32Array {
  const sums = new Uint32Array(pixels);
  values.forEach((value, f) => {
    sums[f % pixels]! += value;
  });
  return sums;
}

function scaled(values: Uint32Array): Uint8Array {
  const most = values.reduce((a, b) => Math.max(a, b), 1);
  return Uint8Array.from(values, (value) => Math.round((255 * value) / most));
}

/** Features of a table, those that most votes read first. */
function features({ encoder }: Design, total: Uint32Array): string {
  const most = total.reduce((a, b) => Math.max(a, b), 1);
  const order = [...total.keys()].sort((a, b) => total[b]! - total[a]! || a - b).slice(0, 60);
  const rows = order.map((f) => [
    escapeHtml(encoder.features[f]!.name),
    `<div class="bar"><i class="c0" style="width:${((100 * total[f]!) / most).toFixed(2)}%"></i></div>`,
    count(total[f]!),
  ]);
  return table(["feature", "", "votes"], rows, "bars");
}
