import { ExitCode, UserError } from "../../../base/errors.js";
import { moduleNames } from "../../../compiler/emit/verilog/names.js";
import type { Design } from "../../../compiler/ir/design.js";
import { featureOffsets } from "../../../compiler/ir/encoder.js";
import { findTarget } from "../../../compiler/ir/target.js";
import { plainStyle, readoutStyle } from "../../../compiler/map/counter.js";
import { designNetlist } from "../../../compiler/map/design-netlist.js";
import { mapLuts } from "../../../compiler/map/map-luts.js";
import { buildReadout, type ReadoutCircuit } from "../../../compiler/map/readout-circuit.js";
import { cutReadoutNetlist } from "../../../compiler/map/readout-netlist.js";
import { voteKinds } from "../../../compiler/map/vote-kinds.js";
import { moduleNamed, parseYosysJson, type YosysModule } from "../../../compiler/read/yosys-json.js";
import { mapModule } from "../../../compiler/synth/map-module.js";
import { mappedModule, yosysJson } from "../../../compiler/synth/mapped-module.js";
import { countResources, type Resources } from "../../../compiler/synth/resources.js";
import {
  finishMapped,
  GATES,
  NETLIST,
  NETLIST_VERILOG,
  RTL,
  readForMapping,
  STATISTICS,
  synthesise,
} from "../../tools/synthesis-scripts.js";
import { runYosys } from "../../tools/yosys.js";
import type { StageContext } from "../stage.js";
import type { Top } from "./top.js";

/** Who mapped to LUTs: our mapper over everything between the registers, or Yosys. */
export type HandOver = "luts" | "gates";

/** A synthesised netlist. */
export interface Attempt {
  readonly handOver: HandOver;
  readonly resources: Resources;
  /** Yosys's JSON, Verilog and statistics. */
  readonly json: string;
  readonly verilog: string;
  readonly statistics: string;
}

/** What is synthesised, read once. */
export interface Source {
  readonly top: Top;
  /** Name to text. */
  readonly files: ReadonlyMap<string, string>;
  readonly design: Design;
  /** The readout of a combinational design, its cells as they suit either way; null when the top has registers. */
  readonly readout: Readonly<Record<HandOver, ReadoutCircuit>> | null;
  /** The Verilog of a top with registers as Yosys reads it: with plain flip-flops, and with the family's. */
  readonly read: { readonly rtl: YosysModule; readonly gates: YosysModule } | null;
}

type Context = Pick<StageContext, "config" | "signal">;

/** Run a script. @throws {UserError} with exit code 4 if Yosys complains. */
export async function yosysOutputs(
  { config, signal }: Context,
  files: ReadonlyMap<string, string>,
  script: string,
  outputs: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const options = { native: config.verify.native, signal };
  const answer = await runYosys({ files: Object.fromEntries(files), script, outputs }, options);
  if (!("error" in answer)) return answer.outputs;
  throw new UserError(
    "tool/broke",
    `Yosys: expected a netlist for ${config.hardware.target} but found: ${answer.error.split("\n").slice(-3).join(" ")}`,
    config.verify.native ? "try the bundled Yosys, without --native" : "try --native with an installed Yosys",
    ExitCode.toolMissing,
  );
}

/** Read what is to be synthesised. */
export async function readSource(
  context: Context,
  design: Design,
  files: ReadonlyMap<string, string>,
  top: Top,
): Promise<Source> {
  const target = findTarget(context.config.hardware.target);
  if (top.clock === null) {
    const style = readoutStyle(target);
    // Carry chains that add no more than wires cost a LUT for each; those of Xilinx pay.
    const mapped = style.carry === "lut" ? style : plainStyle(target.lutInputs);
    const readout = {
      luts: buildReadout(design.readout, mapped, voteKinds(design, target.lutInputs)),
      // As in the Verilog, so that what Yosys keeps of it is found again by the proof.
      gates: buildReadout(design.readout, style),
    };
    return { top, files, design, readout, read: null };
  }
  const script = readForMapping([...files.keys()], top.module, target);
  const outputs = await yosysOutputs(context, files, script, [RTL, GATES]);
  const module = (file: string): YosysModule => moduleNamed(parseYosysJson(outputs[file]!), top.module);
  return { top, files, design, readout: null, read: { rtl: module(RTL), gates: module(GATES) } };
}

/** Synthesise one way. */
export async function handOver(context: Context, source: Source, how: HandOver): Promise<Attempt> {
  const target = findTarget(context.config.hardware.target);
  const { module } = source.top;
  const mapped = "mapped.json";
  // Their encoder's comparisons never finish as gates in Intel's flow.
  const encoder =
    target.family === "intel" || source.top.clock !== null ? null : moduleNames(context.config.name).encoder;
  const [files, script] =
    how === "gates"
      ? [source.files, synthesise([...source.files.keys()], module, target, encoder)]
      : [
          new Map([[mapped, yosysJson(module, mappedSource(context, source))]]),
          finishMapped(mapped, module, target),
        ];
  const outputs = await yosysOutputs(context, files, script, [NETLIST, NETLIST_VERILOG, STATISTICS]);
  const json = outputs[NETLIST]!;
  return {
    handOver: how,
    resources: countResources(moduleNamed(parseYosysJson(json), module)),
    json,
    verilog: outputs[NETLIST_VERILOG]!,
    statistics: outputs[STATISTICS]!,
  };
}

/** The source with every gate in LUTs of the target. */
function mappedSource({ config }: Context, { design, readout, read, top }: Source): YosysModule {
  const { family, lutInputs: k } = findTarget(config.hardware.target);
  if (read !== null) return mapModule(read.gates, family, k);
  const [input, output] = ["input", "output"].map((way) => top.pins.find((pin) => pin.direction === way)!);
  const { netlist, chains } = cutReadoutNetlist(readout!.luts);
  return mappedModule(
    mapLuts(designNetlist(design, netlist), { k }),
    family,
    new Map([[input!.port, featureOffsets(design.encoder).at(-1)!]]),
    new Map([[output!.port, output!.width]]),
    chains,
  );
}
