import { codeRange } from "../../../compiler/ir/encoder.js";
import type { ReportInput } from "./input.js";
import { embeddedSamples } from "./samples.js";

const base64 = (array: ArrayBufferView): string =>
  Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString("base64");

/** The compiled circuit and some test samples, as the page's script reads them (client/circuit.ts). */
export function embedded(input: ReportInput): unknown {
  const { design, dataset, codes, test, predicted } = input;
  const { encoder, core, readout } = design;
  const width = encoder.features.length;
  const numbers = embeddedSamples(input);
  const picked = new Int32Array(numbers.length * width);
  numbers.forEach((s, i) => {
    picked.set(codes.subarray(s * width, (s + 1) * width), i * width);
  });
  return {
    shape: dataset.shape ?? null,
    classes: readout.classNames,
    most: encoder.features.map(({ type }) => codeRange(type)[1]),
    bits: {
      feature: base64(Uint32Array.from(encoder.bits, ({ feature }) => feature)),
      value: base64(Int32Array.from(encoder.bits, ({ value }) => value)),
      equals: base64(Uint8Array.from(encoder.bits, ({ test: kind }) => Number(kind === "equals"))),
    },
    core: {
      inputs: core.inputs,
      kind: base64(core.kind),
      fanin0: base64(core.fanin0),
      fanin1: base64(core.fanin1),
      outputs: base64(core.outputs),
    },
    readout: {
      offset: base64(readout.offset),
      start: base64(readout.start),
      vote: base64(readout.vote),
      weight: base64(readout.weight),
    },
    samples: {
      number: numbers,
      codes: base64(picked),
      label: numbers.map((s) => test.labels[s]!),
      predicted: numbers.map((s) => predicted[s]!),
    },
  };
}

/** A place to draw, classified by the circuit itself; for images only. */
export function drawSection({ dataset }: ReportInput): string | null {
  const { shape } = dataset;
  if (shape === undefined || (shape.length !== 2 && !(shape.length === 3 && [1, 3].includes(shape[0]!))))
    return null;
  const colour =
    shape.length === 3 && shape[0] === 3
      ? `<label>pen <input type="color" id="pen" value="#ffffff"></label> <label>paper <input type="color" id="paper" value="#000000"></label>`
      : `<label><input type="checkbox" id="centre" checked> scale and centre, as MNIST's digits are</label>`;
  return `<p>Draw with finger or mouse: the netlist of this run, gate by gate, classifies it in this page.</p>
<div class="draw"><canvas id="pad" width="280" height="280" aria-label="drawing"></canvas>
<figure><canvas id="seen" class="sample" aria-label="what the circuit sees"></canvas><figcaption>what the circuit sees</figcaption></figure>
<div class="answer"><output id="said">–</output><div id="scores"></div></div></div>
<p class="tools"><button type="button" id="clear">clear</button> <button type="button" id="next">a test sample</button> ${colour}</p>`;
}
