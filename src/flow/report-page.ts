import { readdirSync, readFileSync } from "node:fs";
import { builtUrl } from "../../base/built-url.js";
import { decodeModel } from "../../compiler/model/codec.js";
import { decodeDesign } from "../../compiler/model/design-codec.js";
import { makeClassifier } from "../../compiler/simulate/classifier.js";
import type { Config } from "../config/schema.js";
import { quantiseSamples } from "../data/quantise-samples.js";
import type { PlotFile, ProfiledPass, ReportInput } from "../report/html/input.js";
import { renderPage } from "../report/html/page.js";
import { type Report, withoutSeconds } from "../report/schema.js";
import { simulationModule } from "../simulate/module.js";
import { VERSION } from "../version.js";
import { CERTIFICATE, OPTIMIZE_CERTIFICATE, readCertificate } from "./certificate.js";
import { sha256, stableJson } from "./files.js";
import { finalDesign } from "./final-design.js";
import type { PreparedData } from "./prepared-data.js";
import type { RunFolder } from "./run-folder.js";
import { GATE_PROFILES } from "./stages/optimize.js";
import { MODEL } from "./stages/train.js";

export const REPORT_PAGE = "report.html";

/** Write `report.html`. @param force also when it is there and made of the same results. */
export async function writeReportPage(
  run: RunFolder,
  config: Config,
  report: Report,
  data: () => Promise<PreparedData>,
  { force }: { readonly force: boolean },
): Promise<void> {
  const script = pageScript();
  const key = sha256(
    stableJson([VERSION, sha256(script), withoutSeconds(report), run.hash(finalDesign(config))]),
  );
  if (!force && run.exists(REPORT_PAGE) && run.readText(REPORT_PAGE).includes(`content="${key}"`)) return;
  run.write(REPORT_PAGE, renderPage(await inputOf(run, config, report, await data()), script, key));
}

/** What runs in the page: the modules of client/ as one, without their imports and exports of each other. */
const pageScript = (): string =>
  ["circuit", "pictures", "page"]
    .map((name) => readFileSync(builtUrl(import.meta.url, `../report/html/client/${name}.js`), "utf8"))
    .join("")
    .replace(/^import .*$|^export (?=function|const|\{)/gm, "");

async function inputOf(
  run: RunFolder,
  config: Config,
  report: Report,
  { dataset, test }: PreparedData,
): Promise<ReportInput> {
  const model = decodeModel(run.read(MODEL), run.absolute(MODEL));
  const file = finalDesign(config);
  const design = decodeDesign(run.read(file), run.absolute(file));
  const codes = quantiseSamples(design.encoder, test);
  const certificate = [CERTIFICATE, OPTIMIZE_CERTIFICATE].find((name) => run.exists(name));
  return {
    report,
    version: VERSION,
    certificate: certificate === undefined ? null : readCertificate(run, certificate),
    plots: plotsOf(run),
    profiles: run.exists(GATE_PROFILES) ? (JSON.parse(run.readText(GATE_PROFILES)) as ProfiledPass[]) : [],
    model,
    design,
    dataset,
    test,
    codes,
    predicted: makeClassifier(simulationModule(), design).predict(codes, test.count),
  };
}

const plotsOf = (run: RunFolder): PlotFile[] =>
  readdirSync(run.path)
    .filter((file) => file.endsWith(".svg"))
    .sort()
    .map((file) => ({ file, svg: run.readText(file) }));
