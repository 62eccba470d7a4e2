/**
 * dbnc as a library (docs/library.md). Everything that is exported here is meant to stay; what is imported from deeper
 * paths is not.
 */

export { ExitCode, UserError } from "../base/errors.js";
export { emitAiger, emitAsciiAiger } from "../compiler/emit/aiger.js";
export { emitBlif } from "../compiler/emit/blif.js";
export type { Design } from "../compiler/ir/design.js";
export { type Encoder, encodeSamples } from "../compiler/ir/encoder.js";
export { type Literal, literalOf, not } from "../compiler/ir/literal.js";
export { designOf, type NamedNetlist } from "../compiler/ir/named-netlist.js";
export { FOLDING, HASHING, LITERAL, NetlistBuilder } from "../compiler/ir/netlist-builder.js";
export { groupSumReadout, type Readout } from "../compiler/ir/readout.js";
export { lutCost } from "../compiler/map/lut-cost.js";
export { decodeModel, encodeModel } from "../compiler/model/codec.js";
export { decodeDesign, encodeDesign } from "../compiler/model/design-codec.js";
export { freeze } from "../compiler/model/freeze.js";
export type { Model } from "../compiler/model/model.js";
export { thaw } from "../compiler/model/thaw.js";
export { readAiger } from "../compiler/read/aiger.js";
export { readBlif } from "../compiler/read/blif.js";
export { predict, simulate } from "../compiler/simulate/bit-parallel.js";
export type { EquivalenceVerdict } from "../compiler/verify/equivalence.js";
export { type BuildOptions, type BuildResult, build, type Settings } from "./build.js";
export type { Config } from "./config/schema.js";
export type { Dataset, Samples } from "./data/dataset.js";
export { type LoadOptions, loadDataset } from "./data/load.js";
export { quantiseSamples } from "./data/quantise-samples.js";
export { equivalent, optimise } from "./netlist-jobs.js";
export { Netlist } from "./netlist-value.js";
export type { Report, Verdict } from "./report/schema.js";
export { VERSION } from "./version.js";
