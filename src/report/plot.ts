import { type Axis, canShow, formatTick, type Scale, scaleOf } from "./plot-axis.js";

/** One set of points of a plot. */
export interface Series {
  readonly name: string;
  /** `line` joins the points in their order, `points` marks each, `front` does both with a stepped line. */
  readonly mark: "line" | "points" | "front";
  readonly points: readonly (readonly [x: number, y: number])[];
  /** What is shown when the pointer rests on a point, one text a point. */
  readonly notes?: readonly string[];
}

/** Axes with series on them. */
export interface Plot {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
}

const [WIDTH, HEIGHT] = [720, 340];
const BOX = { left: 72, right: WIDTH - 32, top: 62, bottom: HEIGHT - 52 };

/** Colours that people with any kind of colour vision tell apart (Okabe and Ito, "Color Universal Design", 2008). */
const LIGHT = ["#0072b2", "#d55e00", "#009e73", "#b0568f", "#8a6800", "#5f6b76"];
const DARK = ["#56b4e9", "#ff9955", "#3fd0a4", "#e59cc8", "#f0e442", "#aab4be"];

/** Plain rules without variables: viewers that are no browsers read them too, and show the light ones. */
function colours(paper: string, ink: string, soft: string, grid: string, series: readonly string[]): string {
  const rules = series.map((c, i) => `.dbnc-plot .s${i}{fill:${c};stroke:${c}}`);
  return `.dbnc-plot .paper{fill:${paper}}.dbnc-plot text{fill:${soft}}.dbnc-plot .title{fill:${ink}}
.dbnc-plot .grid{stroke:${grid}}.dbnc-plot .axis{stroke:${soft};fill:none}
${rules.join("")}.dbnc-plot .line{fill:none}`;
}

const STYLE = `
.dbnc-plot text{font:12px system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
.dbnc-plot .title{font-size:15px;font-weight:600}
.dbnc-plot .line{stroke-width:2;stroke-linejoin:round}.dbnc-plot .dot{stroke:none}
${colours("#fff", "#24292f", "#57606a", "#e3e7eb", LIGHT)}
@media(prefers-color-scheme:dark){
${colours("#15191e", "#e6edf3", "#9aa5b1", "#2c343d", DARK)}
}
`;

/**
 * An SVG document with one plot above the other. It follows the reader's light or dark setting, needs nothing from
 * outside, and can stand in a page as it is. The same plots give the same bytes.
 */
export function plotSvg(plots: readonly Plot[]): string {
  const height = HEIGHT * plots.length;
  const panels = plots.map((plot, i) => `<g transform="translate(0 ${HEIGHT * i})">\n${panel(plot)}\n</g>`);
  const title = plots.map((plot) => escapeXml(plot.title)).join("; ");
  return `<svg xmlns="http://www.w3.org/2000/svg" class="dbnc-plot" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${title}">
<style>${STYLE}</style>
<rect class="paper" width="${WIDTH}" height="${height}"/>
${panels.join("\n")}
</svg>
`;
}

function panel(plot: Plot): string {
  const kept = plot.series.map((series) => visible(series, plot));
  const x = scaleOf(
    plot.x,
    kept.flatMap(({ points }) => points.map((p) => p[0])),
  );
  const y = scaleOf(
    plot.y,
    kept.flatMap(({ points }) => points.map((p) => p[1])),
  );
  const marks = kept.map((series, i) => drawn(series, colour(i), x, y));
  return [
    text(BOX.left, 24, "start", plot.title, "title"),
    legend(plot.series),
    ...x.ticks.map((t) => tickX(px(x, t), formatTick(plot.x, t))),
    ...y.ticks.map((t) => tickY(py(y, t), formatTick(plot.y, t))),
    `<path class="axis" d="M${BOX.left} ${BOX.top}V${BOX.bottom}H${BOX.right}"/>`,
    text((BOX.left + BOX.right) / 2, HEIGHT - 14, "middle", plot.x.label),
    `<g transform="translate(18 ${(BOX.top + BOX.bottom) / 2}) rotate(-90)">${text(0, 0, "middle", plot.y.label)}</g>`,
    ...marks,
  ].join("\n");
}

/** A series without the points that the axes have no place for. */
function visible(series: Series, { x, y }: Plot): Series {
  const shown = series.points.map((p) => canShow(x.scale, p[0]) && canShow(y.scale, p[1]));
  const notes = series.notes?.filter((_, i) => shown[i]);
  return {
    ...series,
    points: series.points.filter((_, i) => shown[i]),
    ...(notes === undefined ? {} : { notes }),
  };
}

function drawn({ mark, points, notes }: Series, cls: string, x: Scale, y: Scale): string {
  const places = points.map(([a, b]) => [fixed(px(x, a)), fixed(py(y, b))] as const);
  const joined = places.map(([a, b], i) =>
    i === 0 ? `M${a} ${b}` : mark === "front" ? `H${a}V${b}` : `L${a} ${b}`,
  );
  const line = `<path class="${cls} line" d="${joined.join("")}"/>`;
  if (mark === "line") return line;
  const radius = mark === "front" ? 5 : 3.5;
  const dots = places.map(([a, b], i) => {
    const note = notes?.[i] === undefined ? "" : `<title>${escapeXml(notes[i])}</title>`;
    return `<circle class="${cls} dot" cx="${a}" cy="${b}" r="${radius}">${note}</circle>`;
  });
  return (mark === "front" ? [line, ...dots] : dots).join("\n");
}

function legend(series: readonly Series[]): string {
  let at: number = BOX.left;
  const items = series.map(({ name }, i) => {
    const item = `<rect x="${at}" y="38" width="12" height="4" class="${colour(i)}"/>${text(at + 17, 44, "start", name)}`;
    at += 36 + 7 * name.length;
    return item;
  });
  return items.join("\n");
}

const colour = (series: number): string => `s${series % LIGHT.length}`;
const px = (scale: Scale, value: number): number => BOX.left + scale.at(value) * (BOX.right - BOX.left);
const py = (scale: Scale, value: number): number => BOX.bottom - scale.at(value) * (BOX.bottom - BOX.top);
const fixed = (n: number): string => n.toFixed(1);

const tickX = (at: number, label: string): string =>
  `<path class="grid" d="M${fixed(at)} ${BOX.top}V${BOX.bottom}"/>${text(at, BOX.bottom + 18, "middle", label)}`;
const tickY = (at: number, label: string): string =>
  `<path class="grid" d="M${BOX.left} ${fixed(at)}H${BOX.right}"/>${text(BOX.left - 8, at + 4, "end", label)}`;

const text = (x: number, y: number, anchor: string, content: string, cls = ""): string =>
  `<text x="${fixed(x)}" y="${fixed(y)}" text-anchor="${anchor}"${cls === "" ? "" : ` class="${cls}"`}>${escapeXml(content)}</text>`;

/** Text as XML content or attribute value. */
export const escapeXml = (content: string): string =>
  content.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
