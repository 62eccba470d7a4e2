import { ExitCode, UserError } from "../../../base/errors.js";
import { moduleNames } from "../../../compiler/emit/verilog/names.js";
import type { Design } from "../../../compiler/ir/design.js";
import { findTarget, type Target } from "../../../compiler/ir/target.js";
import { moduleNamed, parseYosysJson, type YosysModule } from "../../../compiler/read/yosys-json.js";
import { type MappedDesign, mapDesign } from "../../../compiler/synth/map-design.js";
import { mapModule } from "../../../compiler/synth/map-module.js";
import { yosysJson } from "../../../compiler/synth/mapped-module.js";
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
import type { HandOver } from "../emitted-style.js";
import type { StageContext } from "../stage.js";
import type { Top } from "./top.js";

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
  /** A combinational design, mapped by our own mapper; null when the top has registers. */
  readonly mapped: MappedDesign | null;
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
  if (top.clock === null) return { top, files, design, mapped: mapDesign(design, target), read: null };
  const script = readForMapping([...files.keys()], top.module, target);
  const outputs = await yosysOutputs(context, files, script, [RTL, GATES]);
  const module = (file: string): YosysModule => moduleNamed(parseYosysJson(outputs[file]!), top.module);
  return { top, files, design, mapped: null, read: { rtl: module(RTL), gates: module(GATES) } };
}

/** Synthesise one way. */
export async function handOver(context: Context, source: Source, how: HandOver): Promise<Attempt> {
  const target = findTarget(context.config.hardware.target);
  const { module } = source.top;
  // Their encoder's comparisons never finish as gates in Intel's flow.
  const encoder =
    target.family === "intel" || source.top.clock !== null ? null : moduleNames(context.config.name).encoder;
  const [files, script] =
    how === "gates"
      ? [source.files, synthesise([...source.files.keys()], module, target, encoder)]
      : [
          new Map([[MAPPED, yosysJson(module, mappedModule(source, target))]]),
          finishMapped(MAPPED, module, target),
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

const MAPPED = "mapped.json";

/** The source with every gate in LUTs of the target. */
const mappedModule = ({ mapped, read }: Source, { family, lutInputs }: Target): YosysModule =>
  read === null ? mapped!.module : mapModule(read.gates, family, lutInputs);
