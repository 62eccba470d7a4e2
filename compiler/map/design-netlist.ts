import { usedInputs } from "../emit/verilog/core.js";
import { appendNetlist } from "../ir/append-netlist.js";
import type { Design } from "../ir/design.js";
import { featureOffsets } from "../ir/encoder.js";
import { FALSE, type Literal } from "../ir/literal.js";
import type { Netlist } from "../ir/netlist.js";
import { HASHING, NetlistBuilder } from "../ir/netlist-builder.js";
import { encoderSpecification } from "../verify/encoder-specification.js";
import { voteCount } from "./readout-circuit.js";

/**
 * The whole design as one netlist: raw feature bits in, the outputs of its readout out.
 *
 * @param readout as a netlist that reads the votes first; what it reads beyond them follows the raw bits.
 */
export function designNetlist({ encoder, core, readout: { vote } }: Design, readout: Netlist): Netlist {
  const width = featureOffsets(encoder).at(-1)!;
  const votes = voteCount(vote);
  const outside = readout.inputs - votes;
  const builder = new NetlistBuilder(width + outside, HASHING);
  const raw = Array.from({ length: width }, (_, i) => builder.input(i));
  const used = usedInputs(core);
  const encoded = appendNetlist(builder, encoderSpecification(encoder, used), raw);
  const bits: Literal[] = Array.from({ length: core.inputs }, () => FALSE);
  used.forEach((i, at) => {
    bits[i] = encoded[at]!;
  });
  const counted = appendNetlist(builder, core, bits).slice(0, votes);
  const further = Array.from({ length: outside }, (_, i) => builder.input(width + i));
  return builder.finish(appendNetlist(builder, readout, [...counted, ...further]));
}
