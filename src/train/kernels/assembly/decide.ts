import { largest } from "./float";
import {
  FANINS,
  FUNCTIONS,
  LAYER_BYTES,
  LAYER_CANDIDATES,
  LAYER_FIRST,
  LAYER_GATE,
  LAYER_GATES,
  LAYER_POSITIONS,
  LAYER_RECORDS,
  LAYER_TABLE,
  LAYER_WIRE,
  LAYERS,
  SLOPES,
  word,
} from "./plan";

/** Number of the function that gates of a layer without logits compute. */
const OR: u32 = 7;

/** Read off what every gate reads and computes. */
export function decide(plan: u32): void {
  const layers = word(plan, LAYERS);
  for (let l: u32 = 0; l < layers; l++) {
    const layer: u32 = word(plan, LAYER_RECORDS) + l * LAYER_BYTES;
    const gates = word(layer, LAYER_GATES);
    for (let index: u32 = 0; index < gates; index++) decideGate(plan, layer, index);
  }
}

function decideGate(plan: u32, layer: u32, index: u32): void {
  const positions = word(layer, LAYER_POSITIONS);
  const candidates = word(layer, LAYER_CANDIDATES);
  const g = word(layer, LAYER_FIRST) + index * positions;
  const logits = word(layer, LAYER_GATE);
  if (logits === 0) {
    setFunction(plan, g, positions, OR);
    for (let p: u32 = 0; p < positions; p++)
      v128.store(word(plan, SLOPES) + ((g + p) << 4), f32x4(1, 0, 1, 0));
  } else setFunction(plan, g, positions, largest(logits + (index << 6), 16));
  for (let which: u32 = 0; which < 2; which++) {
    const at: u32 = (which * word(layer, LAYER_GATES) + index) * (candidates << 2);
    const chosen = candidates === 0 ? 0 : largest(word(layer, LAYER_WIRE) + at, candidates);
    setFanins(plan, layer, index, which, chosen);
  }
}

export function setFunction(plan: u32, g: u32, positions: u32, f: u32): void {
  for (let p: u32 = 0; p < positions; p++) store<u32>(word(plan, FUNCTIONS) + ((g + p) << 2), f);
}

/** Let an input of a gate read candidate `chosen`, or its only one, at all positions. */
export function setFanins(plan: u32, layer: u32, index: u32, which: u32, chosen: u32): void {
  const positions = word(layer, LAYER_POSITIONS);
  const width: u32 = max(1, word(layer, LAYER_CANDIDATES)) << 2;
  const g = word(layer, LAYER_FIRST) + index * positions;
  const row = (which * word(layer, LAYER_GATES) + index) * positions;
  const table: u32 = word(layer, LAYER_TABLE) + row * width + (chosen << 2);
  const fanins: u32 = word(plan, FANINS) + (((g << 1) + which) << 2);
  for (let p: u32 = 0; p < positions; p++) store<u32>(fanins + (p << 3), load<u32>(table + p * width));
}
