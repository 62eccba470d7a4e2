import type { Design } from "../../ir/design.js";
import { codeRange, featureOffsets, hardwareWidth } from "../../ir/encoder.js";
import { indexWidth } from "../../ir/readout.js";
import type { ReadoutStyle } from "../../map/counter.js";
import { buildReadout } from "../../map/readout-circuit.js";
import type { PipelinePlan } from "../../pipeline/plan.js";
import { emitCore, usedInputs } from "./core.js";
import { emitEncoder } from "./encoder.js";
import type { Outermost } from "./interface/outermost.js";
import { instance, moduleText, vector } from "./module.js";
import { bitNet, type ModuleNames, moduleNames, voteNet } from "./names.js";
import { emitReadout } from "./readout.js";
import { CLOCKED } from "./registers.js";

/**
 * The whole design as Verilog, one module a file: `<name>_top` takes the raw feature vector and gives the class
 * index (docs/verilog.md).
 *
 * @param comment first lines of every file, such as name, version and seed.
 * @param style what the readout's cells are made for.
 * @param plan where registers are; null for none.
 * @returns file name to text, the top first.
 */
export function emitVerilog(
  design: Design,
  name: string,
  comment: readonly string[],
  style: ReadoutStyle,
  plan: PipelinePlan | null = null,
): Map<string, string> {
  const names = moduleNames(name);
  const used = usedInputs(design.core);
  const modules = new Map([
    [names.top, emitTop(design, used, names, comment, plan)],
    [names.encoder, emitEncoder(design.encoder, used, names, comment)],
    ...emitCore(design.core, names, comment, plan),
    ...emitReadout(plan?.circuit ?? buildReadout(design.readout, style), names, comment, plan),
  ]);
  return new Map([...modules].map(([module, text]) => [`${module}.v`, text]));
}

function emitTop(
  { encoder, core, readout }: Design,
  used: readonly number[],
  names: ModuleNames,
  comment: readonly string[],
  plan: PipelinePlan | null,
): string {
  const bits = used.map(bitNet);
  const votes = Array.from(core.outputs, (_, v) => voteNet(v));
  const same = (nets: readonly string[]): [string, string][] => nets.map((net) => [net, net]);
  const clocked = (latency: number): [string, string][] => (latency > 0 ? same(CLOCKED) : []);
  const [latency, inCore] = [plan?.latency ?? 0, plan?.coreLatency ?? 0];
  return moduleText({
    comment: latency > 0 ? [...comment, ...latencyComment(latency)] : comment,
    name: names.top,
    ...(latency > 0 ? { parameters: [`LATENCY = ${latency}`] } : {}),
    inputs: [...(latency > 0 ? CLOCKED : []), vector(featureOffsets(encoder).at(-1)!, "features")],
    outputs: [vector(indexWidth(readout.classNames.length), "class_index")],
    body: [
      ...(latency > 0 ? latencyCheck(latency, names) : []),
      ...[...bits, ...votes].map((net) => `wire ${net};`),
      ...instance(names.encoder, "encoder", [["features", "features"], ...same(bits)]),
      ...instance(names.core, "core", [...clocked(inCore), ...same(bits), ...same(votes)]),
      ...instance(names.readout, "readout", [
        ...clocked(latency - inCore),
        ...same(votes),
        ["class_index", "class_index"],
      ]),
    ],
  });
}

const latencyComment = (latency: number): string[] => [
  `A sample on features at a rising edge of clk with enable = 1 has its class on class_index after ${latency} such edges,`,
  "its own included. Edges with enable = 0 change nothing.",
];

/** Another latency does not elaborate: the module that it would need does not exist. */
const latencyCheck = (latency: number, names: ModuleNames): string[] => [
  "generate",
  `  if (LATENCY != ${latency}) begin : latency_is_fixed`,
  `    ${names.top}_has_latency_${latency} fault ();`,
  "  end",
  "endgenerate",
];

/**
 * What stands on the pins of `<name>_top`, as JSON: every feature with its bits, type, scale and saturation, also
 * those that the circuit does not read, the class names, the module around it all, and what it was generated from.
 */
export function describeInterface(
  { encoder, core, readout }: Design,
  name: string,
  outermost: Outermost,
  comment: readonly string[],
): string {
  const offsets = featureOffsets(encoder);
  const read = new Set(usedInputs(core).map((i) => encoder.bits[i]!.feature));
  const features = encoder.features.map(({ name: feature, type }, f) => ({
    name: feature,
    low_bit: offsets[f],
    width: hardwareWidth(type),
    ...type,
    ...(type.kind === "fixed"
      ? { lowest: codeRange(type)[0] * type.scale, highest: codeRange(type)[1] * type.scale }
      : {}),
    ...(type.kind === "category" ? { other: type.categories.length } : {}),
    read: read.has(f),
  }));
  const lines = features.map((feature) => `    ${JSON.stringify(feature)}`).join(",\n");
  const classes = JSON.stringify(readout.classNames);
  return [
    "{",
    `  "generated": ${JSON.stringify(comment)},`,
    `  "module": ${JSON.stringify(moduleNames(name).top)},`,
    `  "input": {"port": "features", "width": ${offsets.at(-1)}},`,
    `  "output": {"port": "class_index", "width": ${indexWidth(readout.classNames.length)}, "classes": ${classes}},`,
    `  "outermost": ${JSON.stringify(outermost)},`,
    '  "code": "clamp(floor(value / scale + 1/2), lowest / scale, highest / scale), two\'s complement when signed; boolean: value != 0; category: index, or other",',
    `  "features": [\n${lines}\n  ]`,
    "}",
    "",
  ].join("\n");
}
