import { bytesOf, type Classified, circuitOf, type EmbeddedCircuit } from "./circuit.js";
import { centred, context2d, type Picture, pictureOf, showCodes, showMap } from "./pictures.js";

const data = JSON.parse(document.getElementById("circuit")!.textContent) as EmbeddedCircuit;
const classify = circuitOf(data);
const width = data.most.length;
const embeddedCodes = new Int32Array(bytesOf(data.samples.codes));
const codesOf = (i: number): Int32Array => embeddedCodes.subarray(i * width, (i + 1) * width);

/** Classify every embedded test sample in the page, and say whether that is what dbnc computed. */
function checkSamples(): void {
  const { predicted } = data.samples;
  const same = predicted.filter((cls, i) => classify(codesOf(i)).winner === cls).length;
  document.documentElement.dataset["check"] = same === predicted.length ? "same" : "different";
  document.getElementById("check")!.textContent =
    `· ${same} of ${predicted.length} embedded test samples get the class here that dbnc computed`;
}

function showAll(): void {
  for (const canvas of document.querySelectorAll<HTMLCanvasElement>("canvas[data-map]")) showMap(canvas);
  if (data.shape === null) return;
  const picture = pictureOf(data.shape);
  for (const canvas of document.querySelectorAll<HTMLCanvasElement>("canvas[data-sample]"))
    showCodes(canvas, picture, codesOf(Number(canvas.dataset["sample"])), data.most);
}

/** The drawing pad: pen, clear, test samples, answer. */
function startPad(pad: HTMLCanvasElement, picture: Picture): void {
  const input = (id: string): HTMLInputElement | null =>
    document.getElementById(id) as HTMLInputElement | null;
  const seen = document.getElementById("seen") as HTMLCanvasElement;
  const small = document.createElement("canvas");
  [small.width, small.height] = [picture.columns, picture.rows];
  const pen = context2d(pad);
  const clear = (): void => {
    pen.fillStyle = input("paper")?.value ?? "#000";
    pen.fillRect(0, 0, pad.width, pad.height);
  };
  const answer = (codes: ArrayLike<number>): void => {
    showCodes(seen, picture, codes, data.most);
    showScores(classify(codes));
  };
  const answerDrawing = (): void => {
    const target = context2d(small);
    target.fillStyle = input("paper")?.value ?? "#000";
    target.fillRect(0, 0, small.width, small.height);
    if (input("centre")?.checked === true) centred(pad, small);
    else target.drawImage(pad, 0, 0, small.width, small.height);
    const pixels = target.getImageData(0, 0, small.width, small.height).data;
    const area = picture.rows * picture.columns;
    answer(
      data.most.map((most, f) => {
        const value = pixels[4 * (f % area) + (picture.channels === 3 ? Math.floor(f / area) : 0)]!;
        return Math.floor((value * (most + 1)) / 256);
      }),
    );
  };
  let last: readonly [number, number] | null = null;
  const at = (event: PointerEvent): readonly [number, number] => {
    const box = pad.getBoundingClientRect();
    const place = (value: number, from: number, size: number, to: number): number =>
      ((value - from) * to) / size;
    return [
      place(event.clientX, box.left, box.width, pad.width),
      place(event.clientY, box.top, box.height, pad.height),
    ];
  };
  const stroke = (event: PointerEvent): void => {
    if (last === null) return;
    const to = at(event);
    pen.strokeStyle = input("pen")?.value ?? "#fff";
    pen.lineWidth = (2.2 * pad.width) / Math.max(20, picture.columns);
    pen.lineCap = "round";
    pen.beginPath();
    pen.moveTo(...last);
    pen.lineTo(to[0], to[1] + 0.01);
    pen.stroke();
    last = to;
    answerDrawing();
  };
  pad.addEventListener("pointerdown", (event) => {
    pad.setPointerCapture(event.pointerId);
    last = at(event);
    stroke(event);
  });
  pad.addEventListener("pointermove", stroke);
  for (const end of ["pointerup", "pointercancel"] as const)
    pad.addEventListener(end, () => {
      last = null;
    });
  document.getElementById("clear")!.addEventListener("click", () => {
    clear();
    answerDrawing();
  });
  input("centre")?.addEventListener("change", answerDrawing);
  let sample = data.samples.number.length;
  document.getElementById("next")!.addEventListener("click", () => {
    sample = sample === 0 ? data.samples.number.length - 1 : sample - 1;
    showCodes(small, picture, codesOf(sample), data.most);
    pen.imageSmoothingEnabled = false;
    pen.drawImage(small, 0, 0, pad.width, pad.height);
    answer(codesOf(sample));
  });
  clear();
  document.getElementById("next")!.click();
}

function showScores({ scores, winner }: Classified): void {
  document.getElementById("said")!.textContent = data.classes[winner]!;
  const [least, most] = [Math.min(...scores), Math.max(...scores)];
  const rows = data.classes.map((name, c) => {
    const row = document.createElement("div");
    const [label, bar, fill, number] = ["span", "div", "i", "span"].map((tag) => document.createElement(tag));
    label!.textContent = name;
    bar!.className = "bar";
    fill!.className = c === winner ? "c1" : "c0";
    fill!.style.width = `${(100 * (scores[c]! - least)) / Math.max(1, most - least)}%`;
    number!.textContent = String(scores[c]);
    bar!.append(fill!);
    row.append(label!, bar!, number!);
    return row;
  });
  document.getElementById("scores")!.replaceChildren(...rows);
}

checkSamples();
showAll();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", showAll);
const pad = document.getElementById("pad") as HTMLCanvasElement | null;
if (pad !== null && data.shape !== null) startPad(pad, pictureOf(data.shape));
