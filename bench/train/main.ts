import { spawn, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import {
  BATCH,
  CASES,
  type Case,
  CLASSES,
  CONTENDERS,
  type Contender,
  INPUTS,
  type Measurement,
} from "./cases.js";

const USAGE = `npm run bench:train -- [options]

Measures forward + backward + Adam, batch ${BATCH}, ${INPUTS} input bits, each contender in a process of its own.

  --cases <name,…>       ${CASES.map(({ name }) => name).join(", ")} (default: all but tiny)
  --contenders <name,…>  ${CONTENDERS.map(({ name }) => name).join(", ")} (default: all)
  --seconds <n>          of each measurement (default: 10)
  --timeout <n>          seconds after which one is given up (default: 900)
  --json <file>          write the results there too
`;

const { values } = parseArgs({
  options: {
    cases: { type: "string" },
    contenders: { type: "string" },
    seconds: { type: "string", default: "10" },
    timeout: { type: "string", default: "900" },
    json: { type: "string" },
    help: { type: "boolean" },
  },
});

/** One line of the table. */
interface Row {
  readonly case: string;
  readonly contender: string;
  readonly mode: string;
  readonly measurement: Measurement | null;
  /** Why there is none. */
  readonly failure: string | null;
}

async function main(): Promise<void> {
  const cases = chosen(CASES, values.cases, CASES.slice(0, -1));
  const contenders = chosen(CONTENDERS, values.contenders, CONTENDERS);
  const python = pythonWithTorch();
  const rows: Row[] = [];
  process.stdout.write(
    `${cpus()[0]?.model ?? "unknown processor"}, ${cpus().length} cores, Node ${process.version}\n`,
  );
  for (const network of cases) {
    process.stdout.write(`\n${network.name}: ${network.summary}\n${line(HEADER)}\n`);
    for (const contender of contenders.filter(({ fits }) => fits(network))) {
      const row = await measured(network, contender, python);
      rows.push(row);
      process.stdout.write(`${line(cells(row, rows))}\n`);
    }
  }
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`);
}

/** Entries by name. Bad names end the process. */
function chosen<T extends { readonly name: string }>(
  all: readonly T[],
  names: string | undefined,
  standard: readonly T[],
): readonly T[] {
  if (names === undefined) return standard;
  return names.split(",").map((wanted) => {
    const found = all.find(({ name }) => name === wanted);
    if (found !== undefined) return found;
    process.stderr.write(
      `expected one of ${all.map(({ name }) => name).join(", ")} but found "${wanted}"\n\n${USAGE}`,
    );
    return process.exit(1);
  });
}

/** A Python that has PyTorch (Debian: python3-torch), or undefined. */
const pythonWithTorch = (): string | undefined =>
  ["python3", "/usr/bin/python3"].find((python) => spawnSync(python, ["-c", "import torch"]).status === 0);

async function measured(network: Case, contender: Contender, python: string | undefined): Promise<Row> {
  const row = { case: network.name, contender: contender.name, mode: contender.mode };
  const torch = contender.name.startsWith("torch-");
  if (torch && python === undefined) return { ...row, measurement: null, failure: "no python3-torch" };
  const [program, ...args] = torch
    ? [
        python!,
        file("difflogic.py"),
        contender.name.slice(6),
        network.layers.join(),
        `${INPUTS}`,
        `${CLASSES}`,
        `${BATCH}`,
        values.seconds,
      ]
    : [process.execPath, file("measure.js"), network.name, contender.name, values.seconds];
  const child = spawn(program!, args, {
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 1000 * Number(values.timeout),
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (text) => {
    stdout += text;
  });
  child.stderr.on("data", (text) => {
    stderr += text;
  });
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) => {
    child.once("close", (...end) => resolve(end));
  });
  if (code === 0) return { ...row, measurement: JSON.parse(stdout) as Measurement, failure: null };
  const reason = stderr.split("\n").find((text) => /error/i.test(text)) ?? stderr.trim().split("\n").at(-1)!;
  return { ...row, measurement: null, failure: signal === null ? reason.trim() : `given up: ${signal}` };
}

/** Programs of this folder: built JavaScript, or the Python source beside the TypeScript. */
function file(name: string): string {
  const url = new URL(name, import.meta.url);
  return fileURLToPath(name.endsWith(".py") ? url.href.replace("/dist/bench/", "/bench/") : url);
}

const HEADER = ["", "mode", "samples/s", "per core", "ms a step", "peak MiB", "times wasm-1"];

/** Per core is samples a second of processor time, of all threads; so are milliseconds and the ratio. */
function cells(
  { contender, mode, measurement, failure, case: network }: Row,
  rows: readonly Row[],
): string[] {
  const { summary } = CONTENDERS.find(({ name }) => name === contender)!;
  if (measurement === null) return [summary, mode, failure!];
  const { wallSeconds, cpuSeconds, peakBytes } = measurement;
  const ours = rows.find((row) => row.case === network && row.contender === "wasm-1")?.measurement;
  const count = (n: number): string => Math.round(n).toLocaleString("en-US");
  return [
    summary,
    mode,
    count(BATCH / wallSeconds),
    count(BATCH / cpuSeconds),
    (1000 * cpuSeconds).toFixed(1),
    count(peakBytes / 2 ** 20),
    ours === undefined || ours === null ? "" : (cpuSeconds / ours.cpuSeconds).toFixed(1),
  ];
}

const line = ([summary = "", mode = "", ...rest]: readonly string[]): string =>
  `  ${summary.padEnd(30)} ${mode.padEnd(5)}${rest.map((text) => text.padStart(13)).join("")}`;

if (values.help === true) process.stdout.write(USAGE);
else await main();
