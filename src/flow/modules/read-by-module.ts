import { type ModuleNames, moduleNames } from "../../../compiler/emit/verilog/names.js";
import type { Design } from "../../../compiler/ir/design.js";
import { parseYosysJson, type YosysModule, type YosysModules } from "../../../compiler/read/yosys-json.js";
import type { RtlMiter, RtlPart } from "../../../compiler/verify/rtl.js";
import type { VerilogFiles } from "../../../compiler/verify/self-test/verilog-faults.js";
import { worst } from "../../report/schema.js";
import { readVerilog } from "../../tools/yosys.js";
import type { StageContext } from "../stage.js";
import type { ModuleProof } from "./messages.js";
import { proveModules } from "./prove-modules.js";

type Context = Pick<StageContext, "config" | "signal">;

export interface ReadByModuleOptions {
  /** Called before each part, and after each module of the core. */
  readonly onPart?: (part: string, index: number, parts: number) => void;
  /** Called for every module of the core that was compared. */
  readonly onMiter?: (miter: RtlMiter) => void;
}

/** What Yosys made of the files; `modules` is null if it did not accept some. */
export interface ReadByModule {
  readonly modules: YosysModules | null;
  /** The modules of the core, proved, as one part; what Yosys did not accept, as another. */
  readonly parts: RtlPart[];
}

/**
 * Read a design back module by module, so that no process holds more than a piece of it: the modules of the core are read
 * and proved each in a process of its own, and are black boxes with the ports that Yosys saw when the core's own
 * module is read; so is the rest of the design, below the top.
 */
export async function readByModule(
  context: Context,
  design: Design,
  files: VerilogFiles,
  options: ReadByModuleOptions,
): Promise<ReadByModule> {
  const names = moduleNames(context.config.name);
  const proofs = await partProofs(context, design, files, names, options);
  const part = summary(proofs.map(({ proof }) => proof));
  const modules = new Map<string, YosysModule>();
  for (const { proof, ports } of proofs) if (ports !== null) modules.set(proof.part, { ports, cells: {} });
  if (modules.size < proofs.length) return { modules: null, parts: [part] };
  for (const [top, own] of piecesOf(files, names)) {
    const boxes = new Map([...modules].filter(([name]) => holds(top, name, names)));
    const reading = { native: context.config.verify.native, signal: context.signal };
    const answer = await readVerilog(own, top, reading, boxes);
    if ("error" in answer) return { modules: null, parts: [part, notAccepted(answer.error)] };
    for (const [name, module] of parseYosysJson(answer.output))
      if (!boxes.has(name)) modules.set(name, module);
  }
  return { modules, parts: [part] };
}

/** The verdict on files that Yosys does not accept. */
export const notAccepted = (error: string): RtlPart => ({
  part: "files",
  verdict: "refuted",
  how: `Yosys does not accept them: ${error.split("\n")[0]}`,
});

/** Encoder, core, readout with its cells, and the top, each after what it instantiates. */
function piecesOf(files: VerilogFiles, names: ModuleNames): (readonly [top: string, files: VerilogFiles])[] {
  const own = [names.encoder, names.core, names.top].map(
    (module) => [module, new Map([[`${module}.v`, files.get(`${module}.v`) ?? ""]])] as const,
  );
  const known = new Set([...own.flatMap(([, file]) => [...file.keys()])]);
  const readout = [...files].filter(([file]) => !known.has(file) && !names.isPart(file.replace(/\.v$/, "")));
  return [own[0]!, own[1]!, [names.readout, new Map(readout)], own[2]!];
}

/** Whether the core or the top instantiates a module that was read before it. */
const holds = (top: string, module: string, names: ModuleNames): boolean =>
  top === names.core
    ? names.isPart(module)
    : top === names.top && [names.encoder, names.core, names.readout].includes(module);

function partProofs(
  { config, signal }: Context,
  { core }: Design,
  files: VerilogFiles,
  names: ModuleNames,
  { onPart, onMiter }: ReadByModuleOptions,
): Promise<ModuleProof[]> {
  const modules = [...files]
    .map(([file, text]) => ({ module: file.replace(/\.v$/, ""), text }))
    .filter(({ module }) => names.isPart(module));
  const { native, conflicts: conflictBudget, queryTimeout } = config.verify;
  return proveModules(
    modules,
    { core, native, seed: config.seed, conflictBudget, queryTimeout },
    {
      signal,
      onProof({ proof, miters }, done, total) {
        onPart?.(proof.part, done, total);
        for (const miter of miters) onMiter?.(miter);
      },
    },
  );
}

/** All modules as one part: how many, or the first of those that are not proved. */
function summary(proofs: readonly RtlPart[]): RtlPart {
  const part = "modules of the core";
  const wrong = proofs.filter(({ verdict }) => verdict !== "proved");
  if (wrong.length === 0)
    return {
      part,
      verdict: "proved",
      how: `${proofs.length} modules, each read and proved in a process of its own, whatever their inputs are`,
    };
  const verdict = worst(wrong.map(({ verdict: each }) => each)) as RtlPart["verdict"];
  const first = wrong.find((proof) => proof.verdict === verdict)!;
  return { part, verdict, how: `${wrong.length} of ${proofs.length} modules, first ${first.how}` };
}
