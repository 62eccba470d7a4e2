import { findTarget } from "../../../compiler/ir/target.js";
import { emitConstraints } from "../../../compiler/synth/constraints.js";
import { lutPlaces } from "../../../compiler/synth/resources.js";
import type { SimulationRecord } from "../../report/schema.js";
import { yosysVersion } from "../../tools/yosys.js";
import { hashedComment } from "../file-comment.js";
import { finalDesign } from "../final-design.js";
import type { Stage, StageContext } from "../stage.js";
import { synthPaths } from "../synth/paths.js";
import { plainNetlist, proveSynthesised } from "../synth/prove.js";
import { simulateSynthesised, testSetThroughPins } from "../synth/simulate.js";
import type { Top } from "../synth/top.js";
import { readRun, tryWays } from "../synth/ways.js";
import { emittedPaths, rtlFiles } from "./emit.js";
import { solverVersion } from "./optimize.js";

/** From Verilog to the cells of a target, and the proof that they still compute the design. */
export const synthStage: Stage = {
  name: "synth",
  summary:
    "synthesise for hardware.target: LUTs and flip-flops, resources, constraints, and the proof: synth/",
  wanted: ({ hardware }) => hardware.target !== "generic",
  after: ["train", "optimize", "prune", "emit"],
  inputs: ({ config, run }) => [
    finalDesign(config),
    ...rtlFiles(run),
    ...Object.values(emittedPaths(config.name)),
  ],
  options: ({ name, seed, hardware, synth, simulate, verify }) => ({
    name,
    seed,
    target: hardware.target,
    synth,
    simulate,
    verify,
  }),
  versions: async ({ config }) => ({ ...solverVersion(), yosys: await yosysVersion(config.verify.native) }),
  readsData: false,
  sections: ({ synthesis }) => synthesis,
  clear(report) {
    report.synthesis = null;
  },
  async execute(context) {
    const { config, run, report, watcher } = context;
    const source = await readRun(context);
    const { design, files, top } = source;
    const target = findTarget(config.hardware.target);
    const { attempts, best } = await tryWays(context, source);
    const { flipFlops } = best.resources;
    const plain = await plainNetlist(context, top, best.json, best.resources);
    const { verdict, how } = await proveSynthesised(context, source, best, plain);
    watcher.line(`synthesised netlist: ${verdict} (${how})`);
    run.remove("synth");
    const paths = synthPaths(config.name);
    const comment = hashedComment(config, run, [finalDesign(config)]);
    const written = new Map([
      [paths.json, best.json],
      [paths.verilog, `${comment.map((line) => `// ${line}\n`).join("")}${best.verilog}`],
      [paths.statistics, best.statistics],
      ...constraints(context, top, [...files.keys()], comment),
    ]);
    for (const [path, text] of written) run.write(path, text);
    const show = ({ samples, mismatches, reason }: SimulationRecord): string =>
      `${samples} samples, ${mismatches} mismatches ${reason}`;
    watcher.line("the test set through the synthesised netlist …");
    const testSet = await testSetThroughPins(context, design, top, plain);
    watcher.line(`synthesised netlist, test set: ${show(testSet)}`);
    const simulation = await simulateSynthesised(context, design, Object.keys(best.resources.cells));
    watcher.line(`synthesised netlist, icarus: ${show(simulation)}`);
    const fits =
      target.capacity === null
        ? null
        : lutPlaces(best.resources) <= target.capacity.luts && flipFlops <= target.capacity.flipFlops;
    report.synthesis = {
      target: target.name,
      top: top.module,
      handover: best.handOver,
      resources: {
        ...best.resources,
        lutSizes: [...best.resources.lutSizes],
        cells: { ...best.resources.cells },
      },
      tried: attempts.map(({ handOver: handover, resources }) => ({
        handover,
        luts: resources.luts,
        places: lutPlaces(resources),
      })),
      fits,
      verdict,
      how,
      testSet,
      simulation,
    };
    return [...written.keys()];
  },
};

/** The constraints file and the vendor's script. */
function constraints(
  { config }: StageContext,
  top: Top,
  sources: readonly string[],
  comment: readonly string[],
): (readonly [path: string, text: string])[] {
  const base = config.name.replaceAll("-", "_");
  const target = findTarget(config.hardware.target);
  const netlist = synthPaths(config.name).verilog.replace("synth/", "");
  const files = emitConstraints(base, target, top, sources, netlist, comment);
  return [...files].map(([file, text]) => [`synth/${file}`, text]);
}
