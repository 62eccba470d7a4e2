import { describe, expect, test } from "vitest";
import { UserError } from "../../../base/errors.js";
import { Random } from "../../../base/random.js";
import { decodeModel, encodeModel } from "../../../compiler/model/codec.js";
import { decodeDesign, encodeDesign } from "../../../compiler/model/design-codec.js";
import type { Model } from "../../../compiler/model/model.js";
import { decodeSafetensors, encodeSafetensors } from "../../../compiler/model/safetensors.js";
import { convModel } from "../../support/conv-model.js";
import { randomDesign, randomModel, richDesign, seeds } from "../../support/random-design.js";

const model = randomModel(1, { inputs: 9, layers: [12, 6], candidates: 4, classes: 3 });

test("safetensors: what is written is read, also from a Buffer", () => {
  const tensors = {
    bytes: { shape: [3], data: Uint8Array.of(1, 2, 3) },
    floats: { shape: [1, 2], data: Float32Array.of(1.5, -2) },
    counts: { shape: [2], data: Uint32Array.of(7, 0xffffffff) },
  };
  const bytes = encodeSafetensors(tensors, { note: "é" });
  for (const read of [bytes, Buffer.from(bytes)]) {
    const { tensors: found, metadata } = decodeSafetensors(read, "x");
    expect(Object.fromEntries(found)).toEqual(tensors);
    expect(metadata).toEqual({ note: "é" });
  }
});

test("a convolutional model survives its file; one that does not fit together is refused", () => {
  const conv = convModel(3);
  const [first, ...rest] = conv.layers;
  expect(decodeModel(encodeModel(conv), "m")).toEqual(conv);
  const refused = (change: object): (() => Model) => {
    const changed = { ...conv, layers: [{ ...first!, ...change }, ...rest] } as Model;
    return () => decodeModel(encodeModel(changed), "m");
  };
  expect(refused({ map: new Uint32Array(180).fill(120) })).toThrow(
    "m: expected the map of layer 0 to hold nodes below 120",
  );
  expect(refused({ shape: [2, 1, 90] })).toThrow(
    "m: expected the receptive field and pooling of layer 0 to fit into its map",
  );
  expect(refused({ depth: 4 })).toThrow('m: expected metadata "layers" as documented');
  expect(refused({ candidateIndex: first!.candidateIndex.map(() => 99) })).toThrow(
    "candidates of layer 0 to be places below",
  );
});

test("a feature of 32 bits is signed: codes are signed words", () => {
  const wide = (signed: boolean): Model => {
    const features = model.encoder.features.map(({ name }) => ({
      name,
      type: { kind: "fixed" as const, signed, width: 32, scale: 1 },
    }));
    return { ...model, encoder: { ...model.encoder, features } };
  };
  expect(decodeModel(encodeModel(wide(true)), "m")).toEqual(wide(true));
  expect(() => decodeModel(encodeModel(wide(false)), "m")).toThrow("unsigned features have at most 31 bits");
});

test("files of version 1, which had dense layers only, are read", () => {
  const bytes = encodeModel(model);
  const at = Buffer.from(bytes).indexOf("dbnc-model/2") + "dbnc-model/".length;
  bytes[at] = "1".charCodeAt(0);
  expect(decodeModel(bytes, "m")).toEqual(model);
  bytes[at] = "3".charCodeAt(0);
  expect(() => decodeModel(bytes, "m")).toThrow('m: expected metadata "format" as documented');
});

test("a model and a design survive their files, and give the same bytes again", () => {
  const bytes = encodeModel(model);
  expect(decodeModel(bytes, "m")).toEqual(model);
  expect(encodeModel(decodeModel(Buffer.from(bytes), "m"))).toEqual(bytes);
  for (const design of [richDesign(1), randomDesign(2, { inputs: 5, gates: 30, outputs: 4 })]) {
    expect(decodeDesign(encodeDesign(design), "d")).toEqual(design);
  }
});

describe("damaged files give a UserError or a file that is whole", () => {
  const files = [
    ["model", encodeModel(model), (b: Uint8Array) => decodeModel(b, "x")],
    ["convolutional model", encodeModel(convModel(3)), (b: Uint8Array) => decodeModel(b, "x")],
    ["design", encodeDesign(richDesign(1)), (b: Uint8Array) => decodeDesign(b, "x")],
  ] as const;
  test.each(files)("%s", (_name, bytes, decode) => {
    let refused = 0;
    for (const seed of seeds(300)) {
      const random = new Random(seed);
      const damaged = bytes.slice(0, random.below(3) === 0 ? random.below(bytes.length) : bytes.length);
      for (let k = random.below(4); k >= 0 && damaged.length > 0; k--)
        damaged[random.below(Math.min(damaged.length, 4000))] = random.below(256);
      try {
        decode(damaged);
      } catch (error) {
        expect(error, `seed ${seed}: ${error}`).toBeInstanceOf(UserError);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(100);
  });
  test("the message says which file and what was expected", () => {
    expect(() => decodeModel(new Uint8Array(3), "a/b.safetensors")).toThrow(
      "a/b.safetensors: expected at least 8 bytes but found 3",
    );
    const wild = { ...model, votes: Uint32Array.from(model.votes, () => 99) };
    expect(() => decodeModel(encodeModel(wild), "m")).toThrow("m: expected votes below 27");
  });
});
