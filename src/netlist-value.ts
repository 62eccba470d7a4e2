import { gateCount, levels, type Netlist as NetlistType, validateNetlist } from "../compiler/ir/netlist.js";

/** An immutable XOR-AND graph (compiler/ir/netlist.ts). */
export type Netlist = NetlistType;

/** What can be asked of a netlist: its gates, the level of every node, and whether it is well formed. */
export const Netlist = { gates: gateCount, levels, validate: validateNetlist } as const;
