import { decodeDesign } from "../../../compiler/model/design-codec.js";
import { lutPlaces } from "../../../compiler/synth/resources.js";
import { waysOf } from "../emitted-style.js";
import { finalDesign } from "../final-design.js";
import type { StageContext } from "../stage.js";
import { rtlFiles } from "../stages/emit.js";
import { type Attempt, handOver, readSource, type Source } from "./hand-over.js";
import { topOf } from "./top.js";

/** The ways of `synth.handover`, and the one that takes the fewest places of LUTs. */
export async function tryWays(
  context: Pick<StageContext, "config" | "signal" | "watcher">,
  source: Source,
): Promise<{ readonly attempts: readonly Attempt[]; readonly best: Attempt }> {
  const attempts: Attempt[] = [];
  for (const how of waysOf(context.config, source.design)) {
    context.watcher.line(`mapping ${how === "luts" ? "by our mapper" : "by Yosys"} …`);
    const attempt = await handOver(context, source, how);
    context.signal.throwIfAborted();
    context.watcher.line(`${attempt.resources.luts} LUTs, ${attempt.resources.flipFlops} flip-flops`);
    attempts.push(attempt);
  }
  const best = attempts.reduce((a, b) => (lutPlaces(b.resources) < lutPlaces(a.resources) ? b : a));
  return { attempts, best };
}

/** The emitted circuit of a run folder, read for synthesis. */
export async function readRun(context: Pick<StageContext, "config" | "signal" | "run">): Promise<Source> {
  const { config, run } = context;
  const file = finalDesign(config);
  const design = decodeDesign(run.read(file), run.absolute(file));
  const files = new Map(rtlFiles(run).map((path) => [path.replace("rtl/", ""), run.readText(path)]));
  return readSource(context, design, files, topOf(run, config));
}
