import { Random } from "../../base/random.js";

/** Labels of which a share is replaced by another class, any of them as likely. */
export function flippedLabels(labels: Uint16Array, classes: number, rate: number, seed: number): Uint16Array {
  const random = Random.forPurpose(seed, "flipped labels");
  return labels.map((label) =>
    random.uniform() < rate ? (label + 1 + random.below(classes - 1)) % classes : label,
  );
}
