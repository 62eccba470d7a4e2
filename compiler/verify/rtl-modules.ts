import { usedInputs } from "../emit/verilog/core.js";
import { bitNet, type ModuleNames, voteNet } from "../emit/verilog/names.js";
import type { Design } from "../ir/design.js";
import { featureOffsets } from "../ir/encoder.js";
import type { Netlist } from "../ir/netlist.js";
import { indexWidth } from "../ir/readout.js";
import { elaborate, type PortBit } from "../read/elaborate.js";
import type { YosysModules } from "../read/yosys-json.js";

const bitsOf = (nets: readonly string[]): PortBit[] => nets.map((net) => [net, 0]);
const vectorBits = (port: string, width: number): PortBit[] =>
  Array.from({ length: width }, (_, index): PortBit => [port, index]);
const votesOf = (design: Design): PortBit[] => Array.from(design.core.outputs, (_, v) => [voteNet(v), 0]);

/** The encoder as Yosys read it: raw feature bits in, the encoder bits that the core reads out. */
export function encoderNetlist(
  modules: YosysModules,
  { encoder, core }: Design,
  names: ModuleNames,
): Netlist {
  const width = featureOffsets(encoder).at(-1)!;
  const inputs = vectorBits("features", width).map((bit, input) => ({ bit, input }));
  return elaborate(modules, names.encoder, inputs, width, bitsOf(usedInputs(core).map(bitNet)));
}

/** The core as Yosys read it: encoder bits in, votes out. */
export function coreNetlist(modules: YosysModules, design: Design, names: ModuleNames): Netlist {
  const inputs = usedInputs(design.core).map((input) => ({ bit: [bitNet(input), 0] as const, input }));
  return elaborate(modules, names.core, inputs, design.core.inputs, votesOf(design));
}

/** The whole readout as Yosys read it, cells and all: votes in, class index out, low bit first. */
export function readoutNetlist(modules: YosysModules, design: Design, names: ModuleNames): Netlist {
  const inputs = votesOf(design).map((bit, input) => ({ bit, input }));
  const width = indexWidth(design.readout.classNames.length);
  return elaborate(modules, names.readout, inputs, inputs.length, vectorBits("class_index", width));
}
