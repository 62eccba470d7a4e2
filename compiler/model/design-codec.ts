import { z } from "zod";
import { InvariantError } from "../../base/errors.js";
import type { Design } from "../ir/design.js";
import { type Netlist, validateNetlist } from "../ir/netlist.js";
import { FileReader, readoutTensors } from "./metadata.js";
import { decodeSafetensors, encodeSafetensors } from "./safetensors.js";

const FORMAT = "dbnc-design/1";

/** The design file (docs/formats/design.md). Same design, same bytes. */
export function encodeDesign({ encoder, core, readout }: Design): Uint8Array {
  const gates = core.kind.length;
  return encodeSafetensors(
    {
      kind: { shape: [gates], data: core.kind },
      fanin0: { shape: [gates], data: core.fanin0 },
      fanin1: { shape: [gates], data: core.fanin1 },
      outputs: { shape: [core.outputs.length], data: core.outputs },
      "origin.start": { shape: [gates + 1], data: core.origin.start },
      "origin.index": { shape: [core.origin.index.length], data: core.origin.index },
      ...readoutTensors(readout),
    },
    {
      format: JSON.stringify(FORMAT),
      encoder: JSON.stringify(encoder),
      classes: JSON.stringify(readout.classNames),
    },
  );
}

/** @throws {UserError} naming `where`, unless the file holds a whole and consistent design. */
export function decodeDesign(bytes: Uint8Array, where: string): Design {
  const reader = new FileReader(decodeSafetensors(bytes, where), where);
  reader.json("format", z.literal(FORMAT));
  const encoder = reader.encoder();
  const kind = reader.tensor("kind", "U8", [null]);
  const start = reader.tensor("origin.start", "U32", [kind.length + 1]);
  const index = reader.tensor("origin.index", "U32", [null]);
  reader.require(
    start[0] === 0 && start.at(-1) === index.length,
    "origin.start to rise from 0 to the number of origins",
  );
  const core: Netlist = {
    inputs: encoder.bits.length,
    kind,
    fanin0: reader.tensor("fanin0", "U32", [kind.length]),
    fanin1: reader.tensor("fanin1", "U32", [kind.length]),
    outputs: reader.tensor("outputs", "U32", [null]),
    origin: { start, index },
  };
  try {
    validateNetlist(core);
  } catch (error) {
    if (!(error instanceof InvariantError)) throw error;
    reader.fail("gates in topological order that read nodes of the netlist");
  }
  return { encoder, core, readout: reader.readout(core.outputs.length) };
}
