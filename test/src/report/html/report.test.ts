import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { confusionOf } from "../../../../src/report/html/classes.js";
import { bytesOf, circuitOf, type EmbeddedCircuit } from "../../../../src/report/html/client/circuit.js";
import { type Report, ReportSchema } from "../../../../src/report/schema.js";
import { dbnc } from "../../../support/cli.js";
import { flowers } from "../../../support/flowers.js";
import { writeIn } from "../../../support/folder.js";
import { testWithTool } from "../../../support/native-tool.js";
import { BITSTREAM, SYNTHESIS } from "../../../support/regress.js";

const folder = mkdtempSync(join(tmpdir(), "dbnc-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SMALL = ["--epochs", "1", "--set", "train.minimumSteps=80", "--until", "optimize", "--quiet"];
const pageOf = (run: string): string => readFileSync(join(folder, "rtl-out", run, "report.html"), "utf8");
const reportOf = (run: string): Report =>
  ReportSchema.parse(JSON.parse(readFileSync(join(folder, "rtl-out", run, "report.json"), "utf8")));

beforeAll(async () => {
  writeIn(folder, "flowers.csv", flowers(300));
  for (const args of [
    ["build", "--layers", "300,200", ...SMALL],
    ["build", "--data", "flowers.csv", "--name", "flowers", "--layers", "60", ...SMALL],
    ["build", "--layers", "300,200", "--name", "pruned", ...SMALL, "--until", "prune", "--max-gates", "200"],
    ["report", "rtl-out/demo"],
    ["report", "rtl-out/pruned"],
    ["report", "rtl-out/flowers"],
  ]) {
    const { status, stderr } = await dbnc(folder, ...args);
    expect(status, stderr).toBe(0);
  }
});

const circuitIn = (page: string): EmbeddedCircuit =>
  JSON.parse(
    /<script type="application\/json" id="circuit">(.*)<\/script>/.exec(page)![1]!,
  ) as EmbeddedCircuit;

describe("report.html", () => {
  test.each(["demo", "flowers"])(
    "of %s needs nothing from outside and has every section that the run has",
    (run) => {
      const page = pageOf(run);
      expect(page.match(/(?:src|href)="(?!#)[^"]*"|url\(|@import|https?:\/\/(?!www\.w3\.org\/)/g)).toBeNull();
      const titles = [...page.matchAll(/<h2>(.*?)<\/h2>/g)].map((m) => m[1]);
      const draw = run === "demo" ? ["Try it"] : [];
      expect(titles).toEqual([
        "Numbers",
        "Proofs",
        ...draw,
        "Plots",
        "Classes",
        "Area",
        "Gates",
        "Wiring",
        "Wrong samples",
      ]);
      const { accuracy, gates } = reportOf(run);
      expect(page).toContain(`<strong>${(100 * accuracy!.test).toFixed(2)}%</strong>`);
      expect(page).toContain(`<strong>${gates!.final!.toLocaleString("en-US")}</strong>`);
    },
  );

  test.each(["demo", "flowers"])(
    "of %s holds the compiled circuit: every embedded sample gets its class",
    (run) => {
      const circuit = circuitIn(pageOf(run));
      const { predicted, codes, number, label } = circuit.samples;
      const classify = circuitOf(circuit);
      const all = new Int32Array(bytesOf(codes));
      const width = circuit.most.length;
      const found = number.map((_, i) => classify(all.subarray(i * width, (i + 1) * width)).winner);
      expect(found).toEqual(predicted);
      const wrong = predicted.filter((cls, i) => cls !== label[i]).length;
      expect(wrong > 0).toBe(reportOf(run).accuracy!.test < 1);
    },
  );

  test("counts gates after every pass, and right samples of every class", () => {
    const page = pageOf("demo").replace(/<section id="(proofs)">.*?<\/section>/s, "");
    const { passes, gates, accuracy, dataset } = reportOf("demo");
    const row = (name: string): string[] =>
      [
        ...new RegExp(`<tr><th scope="row">${name}</th>(.*?)</tr>`)
          .exec(page)![1]!
          .matchAll(/<td>(.*?)<\/td>/g),
      ].map((m) => m[1]!.replace(/,/g, ""));
    expect(Number(row("freeze")[0])).toBe(gates!.frozen);
    for (const { name, after } of passes!) {
      const [total, ...shapes] = row(name).map((cell) => (cell === "·" ? 0 : Number(cell)));
      expect(total).toBe(after);
      expect(shapes.slice(0, 5).reduce((a, b) => a + b, 0)).toBe(after);
    }
    const right = [...page.matchAll(/<td>(\d+) of \d+<\/td>/g)].reduce((sum, m) => sum + Number(m[1]), 0);
    expect(right / dataset!.test).toBeCloseTo(accuracy!.test, 10);
  });

  test("of a pruned run shows what is emitted, what was before, and that both fit", () => {
    const page = pageOf("pruned");
    const { pruning, gates } = reportOf("pruned");
    expect(pruning!.gates.after).toBeLessThanOrEqual(200);
    expect(page).toContain(`<strong>${pruning!.gates.after}</strong>`);
    expect(page).toContain(`<strong>${(100 * pruning!.test).toFixed(2)}%</strong>`);
    expect(page).toContain(`${gates!.final} before pruning`);
    const right = [...page.matchAll(/<td>(\d+) of \d+<\/td>/g)].reduce((sum, m) => sum + Number(m[1]), 0);
    expect(right / reportOf("pruned").dataset!.test).toBeCloseTo(pruning!.test, 10);
  });

  test("of a run with a bitstream has a tile of its Fmax, and the headline is the worst of all checks", async () => {
    const path = join(folder, "rtl-out/flowers/report.json");
    const text = readFileSync(path, "utf8");
    const plain = pageOf("flowers");
    const pageWith = async (sections: object): Promise<string> => {
      writeFileSync(path, JSON.stringify({ ...JSON.parse(text), ...sections }));
      expect((await dbnc(folder, "report", "rtl-out/flowers")).status).toBe(0);
      return pageOf("flowers");
    };
    const withBitstream = (change: object): Promise<string> =>
      pageWith({ bitstream: { ...BITSTREAM, ...change } });
    const tile = /<div class="tile"><span>Fmax<\/span>.*?<\/div>/s;
    expect(plain).not.toMatch(tile);
    const page = await withBitstream({});
    expect(page.match(tile)![0]).toContain("<strong>21.5 MHz</strong>");
    expect(page.match(tile)![0]).toContain("icebreaker at 12 MHz, 2,590 of 5,280 logic cells");
    expect(await withBitstream({ fmax: null })).toMatch(/Fmax.*?<strong>unknown<\/strong>/s);
    const headline = (one: string): string => /<header>.*?<span class="badge (\w+)">/s.exec(one)![1]!;
    expect([plain, page].map(headline)).toEqual(["proved", "agreed"]);
    expect(headline(await withBitstream({ unpacked: "refuted" }))).toBe("refuted");
    expect(headline(await withBitstream({ timing: "refuted" }))).toBe("refuted");
    const { simulation } = SYNTHESIS;
    expect(headline(await pageWith({ synthesis: SYNTHESIS }))).toBe("proved");
    const mismatches = { simulation: { ...simulation, mismatches: 3, verdict: "refuted" } };
    expect(headline(await pageWith({ synthesis: { ...SYNTHESIS, ...mismatches } }))).toBe("refuted");
    writeFileSync(path, text);
    await dbnc(folder, "report", "rtl-out/flowers");
    expect(pageOf("flowers")).toBe(plain);
  });

  test("the same results give the same bytes", async () => {
    const before = pageOf("flowers");
    rmSync(join(folder, "rtl-out/flowers/report.html"));
    await dbnc(folder, "report", "rtl-out/flowers");
    expect(pageOf("flowers")).toBe(before);
  });
});

test("a confusion matrix has what is in the rows and what was said in the columns", () => {
  expect(confusionOf([0, 0, 1, 2], [0, 2, 1, 1], 3)).toEqual([
    [1, 0, 1],
    [0, 1, 0],
    [0, 1, 0],
  ]);
});

/** What a page in Chromium looks like after its scripts, with one more at its end. */
function inBrowser(page: string, script: string, width: number): string {
  const path = join(folder, "page.html");
  writeFileSync(
    path,
    page.replace("</body>", () => `<script type="module">${script}</script></body>`),
  );
  const profile = `--user-data-dir=${join(folder, "profile")}`;
  const args = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    profile,
    `--window-size=${width},900`,
    "--dump-dom",
  ];
  const { stdout, status } = spawnSync("chromium", [...args, `file://${path}`], {
    encoding: "utf8",
    timeout: 50_000,
  });
  expect(status).toBe(0);
  return stdout;
}

describe("in a browser", () => {
  const inChromium = testWithTool("chromium");
  /** Draws a one as a finger would, and tells what the page makes of it. */
  const DRAW = `
    const pad = document.getElementById("pad");
    pad.setPointerCapture = () => {};
    document.getElementById("clear").click();
    const empty = document.getElementById("scores").textContent;
    const box = pad.getBoundingClientRect();
    const go = (type, x, y) => pad.dispatchEvent(new PointerEvent(type, { pointerId: 1, clientX: box.left + x * box.width, clientY: box.top + y * box.height }));
    go("pointerdown", 0.5, 0.2);
    for (let y = 0.25; y < 0.85; y += 0.05) go("pointermove", 0.5, y);
    go("pointerup", 0.5, 0.85);
    const changed = document.getElementById("scores").textContent !== empty;
    document.body.append("drawn: " + document.getElementById("said").textContent + " " + changed);`;
  const MEASURE = `document.body.append("overflow: " + (document.documentElement.scrollWidth - innerWidth));`;

  inChromium.each([500, 1400])("the page checks itself, fits %i pixels, and answers a drawing", (width) => {
    const dom = inBrowser(
      pageOf("demo"),
      `window.onerror = (e) => document.body.append("fail" + "ed: " + e); ${MEASURE}${DRAW}`,
      width,
    );
    expect(dom).toContain('data-check="same"');
    expect(dom).not.toContain("failed: ");
    expect(Number(/overflow: (-?\d+)/.exec(dom)![1])).toBeLessThanOrEqual(0);
    expect(dom).toMatch(/drawn: \d true/);
  });

  inChromium("a circuit that does not fit its predictions is seen", () => {
    const page = pageOf("flowers");
    const { samples } = circuitIn(page);
    const wrong = JSON.stringify(samples.predicted.map((cls) => (cls + 1) % 3));
    const changed = page.replace(`"predicted":${JSON.stringify(samples.predicted)}`, `"predicted":${wrong}`);
    expect(inBrowser(changed, MEASURE, 500)).toContain('data-check="different"');
  });
});

describe("dbnc report A B", () => {
  test("says what differs", async () => {
    const { status, stdout } = await dbnc(
      folder,
      "report",
      "rtl-out/demo",
      "rtl-out/flowers",
      "--json",
      "-o",
      "c.html",
    );
    expect(status).toBe(0);
    const { rows } = JSON.parse(stdout) as {
      rows: { what: string; a: unknown; b: unknown; change: number | null }[];
    };
    const [a, b] = [reportOf("demo"), reportOf("flowers")];
    expect(rows).toContainEqual({
      what: "accuracy test",
      a: a.accuracy!.test,
      b: b.accuracy!.test,
      change: b.accuracy!.test - a.accuracy!.test,
    });
    expect(rows).toContainEqual({ what: "freeze verdict", a: "proved", b: "proved", change: null });
    expect(readFileSync(join(folder, "c.html"), "utf8")).toContain("gates final");
  });

  test("wants runs, and a second one for --output", async () => {
    const none = await dbnc(folder, "report", "rtl-out/none");
    expect([none.status, none.stderr]).toEqual([1, expect.stringContaining("dbnc build makes one")]);
    const one = await dbnc(folder, "report", "rtl-out/demo", "-o", "x.html");
    expect([one.status, one.stderr]).toEqual([1, expect.stringContaining("expected two runs")]);
  });
});
