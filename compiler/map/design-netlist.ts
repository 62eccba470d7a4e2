import { usedInputs } from "../emit/verilog/core.js";
import { appendNetlist } from "../ir/append-netlist.js";
import type { Design } from "../ir/design.js";
import { featureOffsets } from "../ir/encoder.js";
import { FALSE, type Literal } from "../ir/literal.js";
import type { Netlist } from "../ir/netlist.js";
import { HASHING, NetlistBuilder } from "../ir/netlist-builder.js";
import { encoderSpecification } from "../verify/encoder-specification.js";
import type { ReadoutStyle } from "./counter.js";
import { buildReadout } from "./readout-circuit.js";
import { readoutNetlist } from "./readout-netlist.js";

/**
 * The whole design as one netlist: raw feature bits in, the class index out, low bits first.
 *
 * @param style cells of its readout; whichever, the function is the same.
 */
export function designNetlist({ encoder, core, readout }: Design, style: ReadoutStyle): Netlist {
  const width = featureOffsets(encoder).at(-1)!;
  const builder = new NetlistBuilder(width, HASHING);
  const raw = Array.from({ length: width }, (_, i) => builder.input(i));
  const used = usedInputs(core);
  const encoded = appendNetlist(builder, encoderSpecification(encoder, used), raw);
  const bits: Literal[] = Array.from({ length: core.inputs }, () => FALSE);
  used.forEach((i, at) => {
    bits[i] = encoded[at]!;
  });
  const votes = appendNetlist(builder, core, bits);
  const circuit = readoutNetlist(buildReadout(readout, style));
  return builder.finish(appendNetlist(builder, circuit, votes.slice(0, circuit.inputs)));
}
