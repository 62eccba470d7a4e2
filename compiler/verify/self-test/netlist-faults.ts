import type { Random } from "../../../base/random.js";
import { GateKind } from "../../ir/gate-functions.js";
import { firstGate, type Netlist } from "../../ir/netlist.js";
import type { FaultKind } from "./fault.js";

type Gate = Pick<Netlist, "kind" | "fanin0" | "fanin1">;

/** A fault in one gate; `change` gets copies of the arrays. */
const gateFault = (
  name: string,
  change: (gates: Gate, g: number, netlist: Netlist, random: Random) => void,
): FaultKind<Netlist> => ({
  name,
  plant(netlist, random) {
    if (netlist.kind.length === 0) return null;
    const g = random.below(netlist.kind.length);
    const gates = {
      kind: netlist.kind.slice(),
      fanin0: netlist.fanin0.slice(),
      fanin1: netlist.fanin1.slice(),
    };
    change(gates, g, netlist, random);
    return { what: `gate ${g}`, faulty: { ...netlist, ...gates } };
  },
});

const invertedOutput: FaultKind<Netlist> = {
  name: "inverted output",
  plant(netlist, random) {
    if (netlist.outputs.length === 0) return null;
    const o = random.below(netlist.outputs.length);
    const outputs = netlist.outputs.map((literal, i) => (i === o ? literal ^ 1 : literal));
    return { what: `output ${o}`, faulty: { ...netlist, outputs } };
  },
};

const swappedOutputs: FaultKind<Netlist> = {
  name: "swapped outputs",
  plant(netlist, random) {
    const count = netlist.outputs.length;
    if (count < 2) return null;
    const a = random.below(count);
    const b = (a + 1 + random.below(count - 1)) % count;
    const outputs = netlist.outputs.slice();
    [outputs[a], outputs[b]] = [outputs[b]!, outputs[a]!];
    return { what: `outputs ${a} and ${b}`, faulty: { ...netlist, outputs } };
  },
};

/** Single faults in a netlist. Dead gates, equal outputs and commuted fanins make some of them harmless. */
export const NETLIST_FAULTS: readonly FaultKind<Netlist>[] = [
  gateFault("gate function", ({ kind }, g) => {
    kind[g] = kind[g] === GateKind.And ? GateKind.Xor : GateKind.And;
  }),
  gateFault("lost inverter", ({ fanin0 }, g) => {
    fanin0[g]! ^= 1;
  }),
  gateFault("wire", ({ fanin1 }, g, netlist, random) => {
    fanin1[g] = 2 * random.below(firstGate(netlist) + g) + (fanin1[g]! & 1);
  }),
  invertedOutput,
  swappedOutputs,
  gateFault("dropped gate", ({ kind, fanin0, fanin1 }, g) => {
    [kind[g], fanin0[g], fanin1[g]] = [GateKind.And, 0, 0];
  }),
  gateFault("commuted fanins", ({ fanin0, fanin1 }, g) => {
    [fanin0[g], fanin1[g]] = [fanin1[g]!, fanin0[g]!];
  }),
];
