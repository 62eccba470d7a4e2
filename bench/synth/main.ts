/** `npm run bench:synth`: large designs from netlist to proved Verilog and to LUTs; what each step takes in time and memory. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { type Measured, measure } from "./measure.js";

const USAGE = `npm run bench:synth -- [options]

Trained-like networks of 48,000 and 384,000 gates on 784 bytes, ten classes, every node of the last layer a vote: emitted, linted, read
back, proved; the smaller one synthesised, from raw gates by Yosys and with LUTs by our mapper. Every step runs in processes of its own.

  --case <name,…>    48k, 384k (default: both)
  --steps <name,…>   of those below (default: all of the case)
  --limit <s>        after which a step is stopped, and said to be (default: 900)
  --bundled          the bundled Yosys, also where there is one on this machine
  --results <file>   JSON of all steps; a step that is in it is not run again (default: rtl-out/bench-synth.json)
  --again            run them again
`;

const CHECKED = ["emit", "verilator", "icarus", "yosys", "prove-by-module"];
const CASES: Readonly<Record<string, { gates: number; steps: readonly string[] }>> = {
  "48k": {
    gates: 48_000,
    steps: [...CHECKED, "prove-at-once", "ice40-luts", "ice40-gates", "xilinx-luts", "xilinx-gates"],
  },
  "384k": { gates: 384_000, steps: CHECKED },
};

const { values } = parseArgs({
  options: {
    case: { type: "string", default: Object.keys(CASES).join(",") },
    steps: { type: "string" },
    limit: { type: "string", default: "900" },
    bundled: { type: "boolean", default: false },
    results: { type: "string", default: "rtl-out/bench-synth.json" },
    again: { type: "boolean", default: false },
    help: { type: "boolean" },
  },
});

type Results = Record<string, Measured>;

function readResults(): Results {
  return existsSync(values.results) ? (JSON.parse(readFileSync(values.results, "utf8")) as Results) : {};
}

function keep(results: Results): void {
  mkdirSync(dirname(values.results), { recursive: true });
  writeFileSync(values.results, `${JSON.stringify(results, null, 2)}\n`);
}

function print(step: string, measured: Measured): void {
  const memory = `${measured.peakMB} MB`.padStart(10);
  if ("stoppedAfter" in measured) {
    console.log(`  ${step.padEnd(18)} more than ${measured.stoppedAfter} s${memory}`);
    return;
  }
  const [wall, cpu] = [measured.seconds, measured.cpuSeconds].map((s) => `${s.toFixed(1)} s`.padStart(11));
  const facts = Object.entries(measured.facts).map(([name, value]) => `${name} ${value}`);
  console.log(`  ${step.padEnd(18)}${wall}${cpu}${memory}   ${facts.join(", ")}`);
}

/** The steps of a case in their order; the emitted Verilog stays until the last one. */
async function run(name: string, results: Results): Promise<void> {
  const found = CASES[name];
  if (found === undefined)
    throw new Error(`--case: expected some of ${Object.keys(CASES)} but found ${name}`);
  const { gates, steps } = found;
  const folder = join(tmpdir(), `dbnc-bench-synth-${process.pid}-${name}`);
  const native = values.bundled ? [] : ["native"];
  console.log(`\n${name}${" ".repeat(25 - name.length)}wall  all cores    at most`);
  try {
    for (const step of values.steps?.split(",") ?? steps) {
      const key = `${name} ${step}${values.bundled ? " bundled" : ""}`;
      if (values.again || results[key] === undefined) {
        const args = [`${gates}`, folder, ...native];
        if (step !== "emit" && !existsSync(folder)) await measure(["emit", ...args], Number(values.limit));
        results[key] = await measure([step, ...args], Number(values.limit));
        keep(results);
      }
      print(step, results[key]);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (values.help === true) process.stdout.write(USAGE);
else {
  console.log(`${cpus()[0]?.model ?? "unknown processor"}, ${cpus().length} cores, Node ${process.version}`);
  const results = readResults();
  for (const name of values.case.split(",")) await run(name, results);
}
