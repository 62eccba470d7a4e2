import { adamFactors } from "../adam.js";
import { type EngineInput, emptyResults, type MakeEngine } from "../engine.js";
import type { LayerMoments } from "../state.js";
import { instantiate, kernelModule } from "./module.js";
import { type LayerBlocks, loadTables, MOST_STEPS, makePlan, padRows, unpadRows } from "./plan.js";
import { defaultThreads, startThreads } from "./threads.js";

/** Logits of candidates that are there only to fill up a row of four: never chosen, share 0. */
const NEVER = -1e30;

/**
 * Hard training in WebAssembly: activations are bits, sums of gradients over bit rows are population counts of 8-bit
 * planes, and threads share the gates. The number of threads does not change a bit of the result.
 *
 * @param threads undefined for as many as `defaultThreads` says.
 */
export const wasmEngine =
  (threads: number = defaultThreads()): MakeEngine =>
  async (input) => {
    const plan = makePlan(input, threads);
    const { module } = kernelModule();
    const kernels = instantiate(module, plan.memory);
    const pool = startThreads(threads, { module, memory: plan.memory, plan: plan.at });
    const load = (): void => {
      loadTables(input.model, plan.tables);
      eachArray(input, plan.layers, (array, block, { count, padded, filler }) => {
        padRows(array, count, padded, filler, block);
      });
      kernels.decide(plan.at);
    };
    load();
    return {
      load,
      save() {
        eachArray(input, plan.layers, (array, block, { count, padded }) =>
          unpadRows(block, count, padded, array),
        );
      },
      async train({ steps, chosen, weights, maps }, first, rates) {
        const results = emptyResults(chosen.length);
        const { batch, decay, data } = input;
        for (let from = 0; from < steps; from += MOST_STEPS) {
          const count = Math.min(MOST_STEPS, steps - from);
          const [a, b] = [from * batch, (from + count) * batch];
          const part = chosen.subarray(a, b);
          plan.chosen.view().set(part);
          plan.labels.view().set(part.map((sample) => data.labels[sample]!));
          plan.weights.view().set(weights.subarray(a, b));
          plan.mapOf.view().set(maps.subarray(a, b));
          for (let k = 0; k < count; k++) {
            const factors = adamFactors({ rate: rates[from + k]!, step: first + from + k + 1, decay });
            plan.rates.view().set(factors, 3 * k);
          }
          await pool.run(count);
          results.losses.set(plan.losses.view().subarray(0, b - a), a);
          results.shares.set(plan.shares.view().subarray(0, b - a), a);
          results.right.set(plan.right.view().subarray(0, b - a), a);
        }
        return results;
      },
      close: () => pool.close(),
    };
  };

interface Rows {
  /** Values a row in the model, and in the arena, and what fills up. */
  readonly count: number;
  readonly padded: number;
  readonly filler: number;
}

/** Logits and moments of the model beside their places in the arena. */
function eachArray(
  { model, moments }: EngineInput,
  blocks: readonly LayerBlocks[],
  visit: (array: Float32Array, block: Float32Array, rows: Rows) => void,
): void {
  model.layers.forEach((layer, l) => {
    const { wire, gate, padded } = blocks[l]!;
    const { wire: wireMoments, gate: gateMoments }: LayerMoments = moments[l]!;
    const wires = { count: layer.candidates, padded };
    visit(layer.wireLogits, wire[0].view(), { ...wires, filler: NEVER });
    visit(wireMoments.first, wire[1].view(), { ...wires, filler: 0 });
    visit(wireMoments.second, wire[2].view(), { ...wires, filler: 0 });
    const gates = { count: 16, padded: 16, filler: 0 };
    visit(layer.gateLogits, gate[0].view(), gates);
    visit(gateMoments.first, gate[1].view(), gates);
    visit(gateMoments.second, gate[2].view(), gates);
  });
}
